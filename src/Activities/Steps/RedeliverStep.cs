using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// Undo of Deliver: the value that was in use before the rotation stands at the target again. Where that stood there before, it is put
/// back as it was written; where something else did, the value comes out of the store.
/// </summary>
internal sealed class RedeliverStep(StepServices services, DeliveryValues delivery, WayBackHold hold) : IStep
{
    public string Kind => StepKinds.Redeliver;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (services.Ability<IDeliverValues>(context) is not { } target)
        {
            return StepServices.Lacks(context, "take values");
        }

        if (await RefusedValue.LeftAsync(services, context, cancellationToken) is { } left)
        {
            return left;
        }

        if (await HeldAsync(context, cancellationToken) is { } held)
        {
            return held;
        }

        if (context.IsSet(StepSettings.Level) || context.IsSet(StepSettings.Unreadable))
        {
            return await DeliverAsync(context, target, null, cancellationToken);
        }

        var capture =
            await services.Ledger.GetCaptureAsync(context.Rotation.Id, context.Target ?? context.Input.Step.Id, cancellationToken);
        if (capture is null)
        {
            // Kept before the first delivery: without it, there was none.
            return StepOutcome.AlreadyDone();
        }

        if (context.Settings.ContainsKey(StepSettings.Secondary))
        {
            // Back to the phase before, in which both values stood there.
            return await DeliverAsync(context, target, null, cancellationToken);
        }

        if (capture.FromStore && !context.IsSet(StepSettings.Found))
        {
            return await DeliverAsync(context, target, StepSettings.Old, cancellationToken);
        }

        var trail = await StepTrail.ReadAsync(services.Ledger, context.Rotation.Id, cancellationToken);
        var call = trail.LastDelivery(context.Target)?.Facts is { } facts ? context.Call! with { Delivery = facts } : context.Call!;
        using var captured = capture.Value is null ? null : await services.ReadAsync(context, capture.Value, cancellationToken);
        return await services.Outside.RunAsync(context, () => target.RestoreAsync(call, captured, cancellationToken));
    }

    /// <summary>With two keys, it is this that takes the new one away from whoever checks it, and not what ends it.</summary>
    private async Task<StepOutcome?> HeldAsync(StepContext context, CancellationToken cancellationToken) =>
        context.Plan.Strategy is not (Strategy.DualKey or Strategy.ReEncrypt) ? null
        : context.Settings.ContainsKey(StepSettings.Secondary) ? await hold.BeforeUseOfOldAsync(context, cancellationToken)
        : await hold.BeforeEndAsync(context, cancellationToken);

    /// <param name="which">Null: as the settings say.</param>
    private async Task<StepOutcome> DeliverAsync(
        StepContext context,
        IDeliverValues target,
        string? which,
        CancellationToken cancellationToken)
    {
        var (values, problem) = which is null
            ? await delivery.RenderAsync(context, cancellationToken)
            : await delivery.RenderAsync(context, which, cancellationToken);
        try
        {
            return values is null
                ? problem!
                : await services.Outside.RunAsync(
                    context,
                    () => target.DeliverAsync(services.DeliveryCall(context), values, cancellationToken));
        }
        finally
        {
            DeliveryValues.Clear(values);
        }
    }
}
