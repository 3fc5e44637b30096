using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;

namespace Rotunda.Api.Desk;

/// <summary>
/// Takes people's decisions. Each is on record, bound to the plan, before anything comes of it; the rotation hears of it once enough
/// have approved, or one has said no. Who sends a decision again because no answer came is counted once.
/// </summary>
public sealed class ApprovalDesk(ILedger ledger, RotationControl control)
{
    /// <param name="message">Approve or reject.</param>
    /// <param name="planHash">The plan that the person saw; null for the rotation's own.</param>
    public Task<ControlOutcome> DecideAsync(
        string rotationId, ControlMessage message, Decider by, string? planHash, CancellationToken cancellationToken) =>
        control.SendAsync(
            rotationId, message, (rotation, meant) => WeighAsync(rotation, meant, by, planHash, cancellationToken), cancellationToken);

    /// <summary>Takes back what the person approved.</summary>
    /// <returns>Null for a rotation that is not known.</returns>
    public async Task<ControlOutcome?> WithdrawAsync(string rotationId, string by, string reason, CancellationToken cancellationToken)
    {
        if (await ledger.GetRotationAsync(rotationId, cancellationToken) is null)
        {
            return null;
        }

        var result = await ledger.WithdrawAsync(rotationId, by, reason, cancellationToken);
        return result.Outcome switch
        {
            DecisionOutcome.Taken => new(
                ControlOutcomeKind.Accepted, $"Your approval is taken back, on record: {result.Given} of {result.Need} are left."),
            DecisionOutcome.NothingThere => new(
                ControlOutcomeKind.WrongState,
                $"There is no approval of yours of {rotationId} that counts now. See: rotunda show {rotationId}"),
            _ => new(
                ControlOutcomeKind.WrongState,
                $"{rotationId} has all approvals that it needs and goes on, so none can be taken back. See what can still be done: "
                    + $"rotunda show {rotationId}"),
        };
    }

    private async Task<Weighed> WeighAsync(
        RotationRecord rotation, ControlMessage message, Decider by, string? planHash, CancellationToken cancellationToken)
    {
        if (AskedFor.Of(rotation, message.Step) is not { } step)
        {
            return new Weighed(null, message);
        }

        var rule = ApprovalRule.Of(step);
        var approves = message.Verb == ControlVerb.Approve;
        if (approves && !IsAmong(rule, by))
        {
            return new Weighed(new ControlOutcome(ControlOutcomeKind.NotAsked, ApprovalWords.NotAmong(rotation.Id, rule)), message);
        }

        var verdict = approves ? Verdicts.Approve : Verdicts.Reject;
        var result = await ledger.DecideAsync(
            new DecisionInput(rotation.Id, step.Id, by.Subject, verdict, planHash, message.Reason, by.CodeHash), cancellationToken);
        if (result.Outcome is not (DecisionOutcome.Taken or DecisionOutcome.AlreadyDecided))
        {
            return new Weighed(ApprovalWords.Refusal(rotation, result), message);
        }

        return !approves || result.IsEnough
            ? new Weighed(null, approves ? message with { Step = step.Id } : message)
            : new Weighed(ApprovalWords.NotEnough(rotation, result), message);
    }

    private static bool IsAmong(ApprovalRule rule, Decider by) =>
        !rule.NamesSome
        || rule.Roles.Intersect(by.Roles, StringComparer.Ordinal).Any()
        || rule.People.Any(person => Actors.IsSame(person, by.Subject));
}
