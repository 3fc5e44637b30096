using Microsoft.Extensions.Logging;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>
/// Makes the ledger and the engine agree. The two are separate files, so a crash may fall between them: a rotation on record
/// whose orchestration was never started is started; one whose orchestration has ended without closing the books, or stands
/// still because the code no longer fits its history, is shown as stuck; one that was superseded is told so again; one that people have
/// decided on is told of it again.
/// </summary>
public sealed partial class Reconciler(RotationDesk desk, ILedger ledger, IOrchestrationClient client, ILogger<Reconciler> logger)
{
    private const int SupersededLookedAt = 5;

    private const string Actor = "system";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var decided = await ledger.ListDecidedAsync(cancellationToken);
        await foreach (var rotation in ledger.ListOpenAsync(cancellationToken))
        {
            try
            {
                await ReconcileAsync(rotation, decided, cancellationToken);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                // One that cannot be settled now must not keep the others from it.
                LogFailed(problem, rotation.Id);
            }
        }
    }

    private async Task ReconcileAsync(RotationRecord rotation, IReadOnlySet<string> decided, CancellationToken cancellationToken)
    {
        if (rotation.Trigger == RotationTrigger.Emergency)
        {
            await TellSupersededAsync(rotation, cancellationToken);
        }

        var instance = await client.GetAsync(rotation.Id, withInputsAndOutputs: false, cancellationToken);
        if (instance is null)
        {
            // A rotation that had begun and has no history here (it was moved from another head, or its hub was restored from an
            // older backup) goes on where the ledger says it stood; what was under way looks before it acts.
            var trail = RotationTrail.Of(await ledger.ReadRotationAsync(rotation.Id, cancellationToken));
            await desk.EnsureScheduledAsync(trail.InputFor(rotation.Plan), cancellationToken);
            LogScheduled(rotation.Id);
        }
        else if ((instance.HasEnded || instance.Status == OrchestrationStatus.Stuck) && rotation.State != RotationState.Stuck)
        {
            await RecordStuckAsync(rotation, instance, cancellationToken);
        }
        else if (rotation.State == RotationState.Stuck && instance.Status == OrchestrationStatus.Running
            && Words.Status(instance.CustomStatus) is { State: not RotationState.Stuck } progress)
        {
            // It stood still, and moves again after a deploy: the ledger says again what the orchestration says.
            await RecordAsync(rotation, progress.State, "rotation.resumed", "The orchestration moves again.", cancellationToken);
        }
        else if (rotation.State == RotationState.WaitingForApproval && decided.Contains(rotation.Id))
        {
            await PassOnAsync(rotation, cancellationToken);
        }
    }

    /// <summary>A crash may fall between the ledger's word that an emergency supersedes a rotation and the message to that
    /// rotation's orchestration, which would otherwise sleep on. The fence has kept it from acting since.</summary>
    private async Task TellSupersededAsync(RotationRecord emergency, CancellationToken cancellationToken)
    {
        var filter = new RotationFilter(emergency.Secret, [RotationState.Superseded], Limit: SupersededLookedAt);
        foreach (var earlier in await ledger.ListRotationsAsync(filter, cancellationToken))
        {
            if (await client.GetAsync(earlier.Id, withInputsAndOutputs: false, cancellationToken) is { HasEnded: false })
            {
                var message = new ControlMessage(ControlVerb.Supersede, emergency.RequestedBy, $"superseded by {emergency.Id}");
                await client.RaiseEventAsync(earlier.Id, RotationNames.ControlEvent, message, cancellationToken);
            }
        }
    }

    /// <summary>A crash may fall between the last decision and the message. A rotation that has heard it hears it again without
    /// effect.</summary>
    private async Task PassOnAsync(RotationRecord rotation, CancellationToken cancellationToken)
    {
        if (AskedFor.Of(rotation, stepId: null) is not { } step)
        {
            return;
        }

        var stand = await ledger.StandAsync(rotation.Id, step.Id, cancellationToken);
        if (!stand.StandsRejected && !stand.IsEnough)
        {
            return;
        }

        var (verb, word) = stand.StandsRejected
            ? (ControlVerb.Reject, Verdicts.Reject)
            : (ControlVerb.Approve, Verdicts.Approve);
        var last = (await ledger.ListDecisionsAsync(rotation.Id, cancellationToken))
            .Last(one => one.WithdrawnAt is null && one.Verdict == word && one.StepId == step.Id);
        var message = new ControlMessage(verb, last.Actor, last.Comment, Step: verb == ControlVerb.Approve ? step.Id : null);
        await client.RaiseEventAsync(rotation.Id, RotationNames.ControlEvent, message, cancellationToken);
    }

    private async Task RecordStuckAsync(RotationRecord rotation, OrchestrationState instance, CancellationToken cancellationToken)
    {
        // Read again: the rotation may have closed its books between our two reads.
        if (await ledger.GetRotationAsync(rotation.Id, cancellationToken) is not { } now || now.State.IsFinal())
        {
            return;
        }

        var why = instance.Status == OrchestrationStatus.Stuck
            ? $"Its orchestration stands still: {instance.Failure?.Message ?? "the code no longer fits its history"} Deploy the release "
                + "that it was started with, or one that can replay it, then resume."
            : $"Its orchestration ended as {instance.Status} without closing the rotation"
            + (instance.Failure is { } failure ? $" ({failure.ErrorType}: {failure.Message})" : "")
            + ". Check the credentials of the secret, then start an emergency rotation, which takes them over.";
        await RecordAsync(rotation, RotationState.Stuck, "rotation.stuck", why, cancellationToken);
        LogEndedOpen(rotation.Id, instance.Status);
    }

    private async Task RecordAsync(
        RotationRecord rotation,
        RotationState state,
        string action,
        string detail,
        CancellationToken cancellationToken)
    {
        // The audit only grows, so its length makes each record of ours a new one.
        var audit = await ledger.ReadRotationAsync(rotation.Id, cancellationToken);
        await ledger.RecordStateAsync(
            new RecordInput(
                rotation.Id,
                rotation.Number,
                RotationTrail.OutsideRecords + audit.Count,
                state,
                action,
                Actor,
                detail,
                Until: null), cancellationToken);
    }
}
