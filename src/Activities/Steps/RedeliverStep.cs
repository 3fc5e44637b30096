using Rotunda.Activities.Ledger;
using Rotunda.Activities.Providers;
using Rotunda.Rotation.Credentials;
using Rotunda.Rotation.Orchestrations;
using Rotunda.Rotation.Planning;

namespace Rotunda.Activities.Steps;

/// <summary>Undo of Deliver: what stood at the target before the rotation stands there again.</summary>
internal sealed class RedeliverStep(StepServices services) : IStep
{
    public string Kind => StepKinds.Redeliver;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (services.Ability<IDeliverValues>(context) is not { } target)
        {
            return StepServices.Lacks(context, "take values");
        }

        var capture = await services.Ledger.GetCaptureAsync(context.Rotation.Id, context.Target ?? context.Input.Step.Id, cancellationToken);
        if (capture is null)
        {
            // Kept before the first delivery: without it, there was none.
            return StepOutcome.AlreadyDone();
        }

        if (capture.Value is null)
        {
            return await services.Outside.RunAsync(context, () => target.RestoreAsync(context.Call!, null, cancellationToken));
        }

        using var captured = await services.ReadAsync(context, capture.Value, cancellationToken);
        return await services.Outside.RunAsync(context, () => target.RestoreAsync(context.Call!, captured, cancellationToken));
    }
}
