using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Makes consumers read their credentials again.</summary>
internal sealed class RestartConsumersStep(StepServices services, AbsentConsumers absent) : IStep
{
    public string Kind => StepKinds.RestartConsumers;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (services.Ability<IRestartConsumers>(context) is not { } consumers)
        {
            return StepServices.Lacks(context, "restart consumers");
        }

        var trail = await StepTrail.ReadAsync(services.Ledger, context.Rotation.Id, cancellationToken);
        var call = context.Call! with { Began = trail.Began(context) };
        var outcome = await services.Outside.RunAsync(context, () => consumers.RestartAsync(call, cancellationToken));
        return await absent.ForgiveAsync(context, outcome, cancellationToken);
    }
}
