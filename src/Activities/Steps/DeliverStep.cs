using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Writes values to one target, after keeping what stood there before the rotation's first delivery of its own.</summary>
internal sealed class DeliverStep(StepServices services, DeliveryValues delivery, DriftGuard guard, RevokeHold hold, ForwardGuard forward)
    : IStep
{
    public string Kind => StepKinds.Deliver;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (services.Ability<IDeliverValues>(context) is not { } target)
        {
            return StepServices.Lacks(context, "take values");
        }

        if (context.IsSet(StepSettings.Withdraw))
        {
            return await WithdrawAsync(context, target, cancellationToken);
        }

        if (await RefusedValue.LeftAsync(services, context, cancellationToken) is { } left)
        {
            return left;
        }

        if (await forward.BeforeDeliveryAsync(context, cancellationToken) is { } refused)
        {
            return refused;
        }

        if (await TakesOldAwayAsync(context, cancellationToken) && await hold.LookForOldPlanAsync(context, cancellationToken) is { } held)
        {
            return held;
        }

        var (values, problem) = await delivery.RenderAsync(context, cancellationToken);
        if (values is null)
        {
            return problem!;
        }

        try
        {
            var (stopped, drift) = context.IsSet(StepSettings.Level) || context.IsSet(StepSettings.Unreadable)
                ? (null, null)
                : await CaptureAsync(context, target, cancellationToken);
            if (stopped is not null)
            {
                return stopped;
            }

            var outcome = await services.Outside.RunAsync(
                context,
                () => target.DeliverAsync(services.DeliveryCall(context), values, cancellationToken));
            return outcome.Succeeded ? WithFacts(outcome, values, drift) : outcome;
        }
        finally
        {
            DeliveryValues.Clear(values);
        }
    }

    /// <summary>With two keys, it is this delivery and not the revoke that ends the old one: whoever reads the target accepts it no
    /// more.</summary>
    private async Task<bool> TakesOldAwayAsync(StepContext context, CancellationToken cancellationToken) =>
        context.Plan.Strategy == Strategy.DualKey && context.Settings.GetValueOrDefault(StepSettings.Primary) == StepSettings.New
        && !context.Settings.ContainsKey(StepSettings.Secondary)
        && await services.Ledger.GetNewCredentialAsync(context.Rotation.Id, cancellationToken) is { State: CredentialState.Active };

    /// <summary>Takes away what the binding owns there, after keeping it.</summary>
    private async Task<StepOutcome> WithdrawAsync(StepContext context, IDeliverValues target, CancellationToken cancellationToken)
    {
        await CaptureAsync(context, target, cancellationToken);
        return await services.Outside.RunAsync(context, () => target.RestoreAsync(context.Call!, null, cancellationToken));
    }

    private static StepOutcome WithFacts(StepOutcome outcome, DeliveredValues values, string? drift)
    {
        var facts = outcome.Facts
            ?? StepOutcome.Done(("primary", values.Primary.Fingerprint), ("secondary", values.Secondary?.Fingerprint)).Facts!;
        return outcome with
        {
            Facts = drift is null
                ? facts
                : new Dictionary<string, string>(facts, StringComparer.Ordinal) { [StepFacts.Drift] = drift },
        };
    }

    /// <summary>Keeps what stands there, unless that is done. Refused if it may not be overwritten.</summary>
    private async Task<(StepOutcome? Refused, string? Drift)> CaptureAsync(
        StepContext context,
        IDeliverValues target,
        CancellationToken cancellationToken)
    {
        var (rotation, name) = (context.Rotation.Id, context.Target ?? context.Input.Step.Id);
        if (await services.Ledger.GetCaptureAsync(rotation, name, cancellationToken) is not null)
        {
            return (null, null);
        }

        // Once more, though the check has looked: someone may have edited it since.
        var found = context.Target is null ? null : await guard.LookAsync(context, cancellationToken);
        if (found is not null && DriftGuard.Refuse(context, found) is { } refused)
        {
            return (refused, null);
        }

        await KeepAsync(context, target, found?.FromStore == true, cancellationToken);
        return (null, found?.Drift);
    }

    private async Task KeepAsync(StepContext context, IDeliverValues target, bool fromStore, CancellationToken cancellationToken)
    {
        var (rotation, name) = (context.Rotation.Id, context.Target ?? context.Input.Step.Id);
        await TidyAsync(context, cancellationToken);
        using var captured = await services.Outside.RunAsync(context, () => target.CaptureAsync(context.Call!, cancellationToken));
        SecretRef? stored = null;
        if (captured is not null)
        {
            context.Scope.Register(captured);
            stored = await services.StoreOf(context).PutPendingAsync(
                CaptureName.Of(context.Secret.Name, context.Rotation.Number, rotation, name),
                $"capture:{rotation}:{name}",
                captured,
                cancellationToken);
        }

        await services.Ledger.RecordCaptureAsync(new CaptureRecord(rotation, name, stored, fromStore), cancellationToken);
    }

    /// <summary>Rotations that never succeed would pile up what they captured, as none comes to its end, where that is taken
    /// away.</summary>
    private async Task TidyAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (await services.Ledger.ListCapturesAsync(context.Rotation.Id, cancellationToken) is { Count: > 0 })
        {
            return;
        }

        try
        {
            await services.DropCapturesAsync(context, own: false, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // It may be a store that the secret has left. Nothing depends on it: the next one tries again.
        }
    }
}
