using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

public enum ControlOutcomeKind
{
    Accepted,
    UnknownRotation,
    /// <summary>The rotation's state does not take this verb now.</summary>
    WrongState,
    /// <summary>It takes another person than the requester.</summary>
    OwnRequest,
    /// <summary>The plan says who may approve, and this person is none of them.</summary>
    NotAsked,
    /// <summary>The decision is for another plan.</summary>
    OtherPlan,
    /// <summary>The code was used, is over, or is for something else.</summary>
    NoCode,
}

/// <param name="Message">For people.</param>
public sealed record ControlOutcome(ControlOutcomeKind Kind, string Message, RotationState? State = null);

/// <summary>Takes people's verbs to running rotations, after checking that the rotation can follow them.</summary>
public sealed class RotationControl(ICatalogSource catalog, ILedger ledger, IOrchestrationClient client)
{
    /// <summary>Which states take which verb. Everything else is refused before it could wait in a buffer and act later.</summary>
    public static bool Takes(RotationState state, ControlVerb verb) => verb switch
    {
        ControlVerb.Approve or ControlVerb.Reject => state is RotationState.WaitingForApproval,
        // Evidence that does not come leaves a rotation stuck at the gate; skipping is one way on.
        ControlVerb.SkipGrace => state is RotationState.Grace or RotationState.Stuck or RotationState.WaitingForRevoke,
        ControlVerb.Provide => state is RotationState.WaitingForValue,
        ControlVerb.Confirm => state is RotationState.WaitingForRevoke,
        ControlVerb.ExtendGrace => state is RotationState.Grace,
        ControlVerb.Resume => state is RotationState.Stuck or RotationState.Paused,
        // Whether the step under way can be paused, the rotation knows. After a grace period the record says "grace" until its next entry.
        ControlVerb.Pause => state is RotationState.Running or RotationState.RollingBack or RotationState.Grace,
        ControlVerb.Rollback =>
            state is RotationState.Running or RotationState.Grace or RotationState.WaitingForApproval or RotationState.Stuck
                or RotationState.Paused or RotationState.WaitingForValue,
        ControlVerb.Cancel =>
            state is RotationState.Planned or RotationState.Running or RotationState.WaitingForApproval or RotationState.Stuck
                or RotationState.Paused or RotationState.WaitingForValue,
        _ => false,
    };

    /// <summary>What the requester cannot do alone: both bring the end of the old credential nearer.</summary>
    public static bool TakesAnother(ControlVerb verb) => verb is ControlVerb.Approve or ControlVerb.SkipGrace;

    public Task<ControlOutcome> SendAsync(string rotationId, ControlMessage message, CancellationToken cancellationToken) =>
        SendAsync(rotationId, message, (_, checkedOne) => Task.FromResult(new Weighed(null, checkedOne)), cancellationToken);

    /// <param name="weigh">Asked last, before the message is passed on: it may keep it.</param>
    internal async Task<ControlOutcome> SendAsync(
        string rotationId,
        ControlMessage message,
        Func<RotationRecord, ControlMessage, Task<Weighed>> weigh,
        CancellationToken cancellationToken)
    {
        if (await ledger.GetRotationAsync(rotationId, cancellationToken) is not { } rotation)
        {
            return new ControlOutcome(ControlOutcomeKind.UnknownRotation, Near.NoRotation(
                rotationId, await ledger.ListRotationsAsync(new RotationFilter(Limit: Near.LookedAt), cancellationToken), catalog.Current));
        }

        if (TakesAnother(message.Verb) && Actors.IsSame(rotation.RequestedBy, message.By))
        {
            return new ControlOutcome(
                ControlOutcomeKind.OwnRequest,
                $"You asked for {rotation.Id} yourself; someone else has to "
                    + (message.Verb == ControlVerb.Approve ? "approve it" : "end its grace period early") + ", with a token of their own.",
                rotation.State);
        }

        var engine = await client.GetAsync(rotationId, withInputsAndOutputs: false, cancellationToken);
        if (message.Verb == ControlVerb.Resume && engine?.Status == OrchestrationStatus.Stuck)
        {
            // The orchestration itself stands still (drift after a wrong deploy): it has to be let go before it can hear anything.
            await ledger.AuditAsync(
                new AuditEntry(message.By, "orchestration.resumed", rotation.Secret, rotationId, null, message.Reason),
                cancellationToken);
            await client.ResumeAsync(rotationId, cancellationToken);
            return new ControlOutcome(ControlOutcomeKind.Accepted, "The orchestration tries again.", rotation.State);
        }

        var progress = rotation.State.IsFinal() ? null : Words.Status(engine?.CustomStatus);
        if (!Takes(rotation.State, message.Verb))
        {
            return new ControlOutcome(
                ControlOutcomeKind.WrongState,
                ControlWords.Refusal(rotation, message.Verb, progress?.Step ?? 0, progress?.NextAction),
                rotation.State);
        }

        var meant = MeantStep.Of(rotation, message, progress);
        if (meant.Refusal is { } refusal)
        {
            return new ControlOutcome(ControlOutcomeKind.WrongState, refusal, rotation.State);
        }

        var weighed = await weigh(rotation, message with { Step = meant.Step });
        return weighed.Kept ?? await RaiseAsync(rotation, weighed.Message, cancellationToken);
    }

    private async Task<ControlOutcome> RaiseAsync(RotationRecord rotation, ControlMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await ledger.AuditAsync(
                new AuditEntry(message.By, $"control.{Words.Of(message.Verb)}", rotation.Secret, rotation.Id, null, message.Reason),
                cancellationToken);
            await client.RaiseEventAsync(rotation.Id, RotationNames.ControlEvent, message, cancellationToken);
            return new ControlOutcome(
                ControlOutcomeKind.Accepted,
                $"{Words.Of(message.Verb)} is on record and was passed on. See what comes of it: rotunda show {rotation.Id}",
                rotation.State);
        }
        catch (OrchestrationNotFoundException)
        {
            return new ControlOutcome(
                ControlOutcomeKind.WrongState,
                $"{rotation.Id} is on record, but has not started yet. Try again in a moment.",
                rotation.State);
        }
    }
}
