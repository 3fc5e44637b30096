using Rotunda.Activities.Ledger;
using Rotunda.Activities.Providers;
using Rotunda.Activities.Stores;
using Rotunda.Rotation.Credentials;
using Rotunda.Rotation.Planning;

namespace Rotunda.Activities.Steps;

/// <summary>Checks everything that can be checked before anything is touched.</summary>
internal sealed class ValidateStep(StepServices services) : IStep
{
    public string Kind => StepKinds.Validate;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        await services.Ledger.CheckAsync(cancellationToken);
        await services.StoreOf(context).CheckAsync(cancellationToken);
        if (Missing(context.Plan) is { Count: > 0 } missing)
        {
            return StepOutcome.Rejected(string.Join(" ", missing));
        }

        if (context.Binding is not { } binding || !services.Providers.TryGet(binding.Type, out var provider))
        {
            return StepOutcome.Done();
        }

        foreach (var setting in provider.Descriptor.Settings.Where(setting => setting.IsSecret))
        {
            (await context.Call!.Settings.SecretAsync(setting.Name, cancellationToken))?.Dispose();
            foreach (var value in await context.Call.Settings.SecretListAsync(setting.Name, cancellationToken))
            {
                value.Dispose();
            }
        }

        return provider is IValidateSetup setup
            ? await services.Outside.RunAsync(context, () => setup.ValidateAsync(context.Call!, cancellationToken))
            : StepOutcome.Done();
    }

    /// <summary>What the plan asks of its providers that they cannot do.</summary>
    private List<string> Missing(RotationPlan plan)
    {
        var missing = new List<string>();
        foreach (var step in plan.Steps.Where(step => step.Provider is not null))
        {
            if (!services.Providers.TryGet(step.Provider!.Type, out var provider))
            {
                missing.Add($"There is no provider '{step.Provider.Type}' here (step '{step.Id}').");
            }
            else if (!CanRun(step.Kind, provider))
            {
                missing.Add($"The provider '{step.Provider.Type}' cannot run step '{step.Id}' ({step.Kind}).");
            }
        }

        return missing;
    }

    private static bool CanRun(string kind, IProvider provider) => kind switch
    {
        StepKinds.Issue => provider is IIssueCredentials,
        StepKinds.Apply => provider is IApplyValues,
        StepKinds.Verify => provider is IVerifyCredentials,
        StepKinds.Deliver => provider is IDeliverValues,
        StepKinds.ConfirmSync => provider is IConfirmSync,
        StepKinds.RestartConsumers => provider is IRestartConsumers,
        StepKinds.VerifyConsumers => provider is ICheckConsumers,
        _ => true,
    };
}
