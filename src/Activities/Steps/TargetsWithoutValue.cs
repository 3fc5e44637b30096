using Rotunda.Activities.InForce;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// Finds the targets of the catalog in force that never got the value in use: the plan does not deliver to them, and they do not hold it
/// by another way either (a person who wrote it there). Whoever reads them has the old one.
/// </summary>
internal sealed class TargetsWithoutValue(StepServices services, ICatalogInForce catalog)
{
    /// <returns>A sentence for each; empty if all have it.</returns>
    /// <exception cref="OutcomeException">There is no catalog to ask, or the value in use cannot be read.</exception>
    public async Task<IReadOnlyList<string>> FindAsync(StepContext context, CancellationToken cancellationToken)
    {
        var current = await catalog.GetAsync(cancellationToken)
            ?? throw new OutcomeException(StepOutcome.RetryLater("The catalog in force cannot be read yet."));
        var policy = current.Policies.Values.FirstOrDefault(one => one.Name == context.Secret.Name || one.Was == context.Secret.Name);
        if (policy is null || Undelivered.Of(policy, context.Plan) is not { Count: > 0 } missing)
        {
            return [];
        }

        var active = (await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken))
            .LastOrDefault(credential => credential.State == CredentialState.Active);
        using var value = await services.TryReadAsync(context, active?.Value, cancellationToken)
            ?? throw new OutcomeException(StepOutcome.RetryLater("The value in use is not in the store, so targets cannot be compared with it."));
        var values = new DeliveredValues(DeliveryValues.Credential(context, active!, value), null, context.Secret.Salt);
        var found = new List<string>();
        foreach (var target in missing)
        {
            if (await LookAsync(context, target, values, cancellationToken) is { } why)
            {
                found.Add(why);
            }
        }

        return found;
    }

    /// <summary>Null if it holds the value.</summary>
    private async Task<string?> LookAsync(
        StepContext context,
        TargetBinding target,
        DeliveredValues values,
        CancellationToken cancellationToken)
    {
        var call = new ProviderCall(
            new ProviderSettings(target.Provider.Settings, context.References),
            context.Secret.Name,
            context.Rotation.Id,
            context.Rotation.Number,
            context.Input.Attempt,
            services.Time)
        {
            Step = context.Input.Step.Id, SecretSalt = context.Secret.Salt, Target = target.Name,
        };
        try
        {
            var seen = await TargetLook.LookAsync(services.Providers, target.Provider, call, values, cancellationToken);
            return seen.Standing == Standing.Same ? null
                : $"the target {target.Name} of the catalog in force never got the new value ({seen.Reason ?? "it holds something else"})";
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            return $"the target {target.Name} of the catalog in force never got the new value, and cannot be looked at ({problem.Message})";
        }
    }
}
