using Rotunda.Activities.Ledger;
using Rotunda.Activities.Providers;
using Rotunda.Activities.Stores;
using Rotunda.Rotation.Credentials;
using Rotunda.Rotation.Planning;

namespace Rotunda.Activities.Steps;

/// <summary>Makes consumers read their credentials again.</summary>
internal sealed class RestartConsumersStep(StepServices services) : IStep
{
    public string Kind => StepKinds.RestartConsumers;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken) =>
        services.Ability<IRestartConsumers>(context) is { } consumers
            ? await services.Outside.RunAsync(context, () => consumers.RestartAsync(context.Call!, cancellationToken))
            : StepServices.Lacks(context, "restart consumers");
}
