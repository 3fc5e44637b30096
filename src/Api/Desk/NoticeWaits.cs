using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>What a rotation gives to tell while it waits for a person: that it asks, again where the plan says how often, and to others
/// where nobody answers.</summary>
public sealed class NoticeWaits(ILedger ledger, TimeProvider time)
{
    /// <summary>The records that ask a person.</summary>
    private static readonly HashSet<string> s_asks = new(StringComparer.Ordinal)
    {
        RotationActions.ApprovalRequested, RotationActions.ValueRequested, RotationActions.RevokeRequested,
    };

    /// <summary>The records that ask again.</summary>
    private static readonly HashSet<string> s_again = new(StringComparer.Ordinal)
    {
        RotationActions.ValueRefused, RotationActions.ValueReminded, RotationActions.RevokeReminded,
    };

    /// <summary>Of several that are to be told, the newest: what nothing ran to tell is not made up for one by one.</summary>
    public async Task<IReadOnlyList<Notice>> OfAsync(RotationRecord rotation, CancellationToken cancellationToken)
    {
        if (Asked(rotation) is not var (action, otherwise, answer))
        {
            return [];
        }

        var step = AskedPeople.StepOf(rotation);
        var rows = await ledger.ReadRotationAsync(rotation.Id, cancellationToken);
        var since = rows.LastOrDefault(row => s_asks.Contains(row.Action));
        var newest = rows.LastOrDefault(row => s_asks.Contains(row.Action) || s_again.Contains(row.Action));
        var until = rotation.Until is { } end ? $" It waits until {RotationMoment(end)}." : "";
        var reminder = Reminder(step, since);
        var notice = new Notice(
            action, rotation.Secret, rotation.Id,
            $"{rotation.Id} at record {newest?.Sequence ?? 0}{(reminder > 0 ? $" reminder {reminder}" : "")}",
            $"{Words.Ended(rotation.Detail ?? otherwise)}{await GivenAsync(rotation, step, cancellationToken)} "
                + $"Asked for by {rotation.RequestedBy}: {Words.Ended(rotation.Reason)}{until} "
                + $"See: rotunda show {rotation.Id}. Answer: {answer}")
        {
            Title = Title(rotation, reminder > 0 || s_again.Contains(newest?.Action ?? "")),
            StepId = step?.Id,
            People = step is null ? [] : await AskedPeople.OfAsync(rotation, step, ledger, cancellationToken),
        };
        return since is not null
            && step is not null
            && Escalation.Of(step) is { } escalation
            && time.GetUtcNow() >= since.At + escalation.After
            ? [notice, Escalated(notice, since, escalation)]
            : [notice];
    }

    /// <summary>How often it was time to remind; values are reminded of by the rotation itself.</summary>
    private long Reminder(PlannedStep? step, AuditRow? since) =>
        since is not null && step?.Kind == StepKinds.Approval && ApprovalRule.Of(step).Remind is { } every && every > TimeSpan.Zero
            ? Math.Max(0, (long)((time.GetUtcNow() - since.At) / every))
            : 0;

    private static Notice Escalated(Notice asked, AuditRow since, Escalation escalation) => asked with
    {
        Action = Notice.Escalated,
        Key = $"{asked.RotationId} at record {since.Sequence}",
        Message = $"Nobody has answered for {DurationText.Format(escalation.After)}. {asked.Message}",
        Title = null,
        To = escalation.To,
    };

    /// <summary>How many of several have approved.</summary>
    private async Task<string> GivenAsync(RotationRecord rotation, PlannedStep? step, CancellationToken cancellationToken) =>
        step?.Kind == StepKinds.Approval && await ledger.StandAsync(rotation.Id, step.Id, cancellationToken) is { Need: > 1 } stand
            ? $" Approvals: {stand.Given} of {stand.Need}."
            : "";

    private static string? Title(RotationRecord rotation, bool again) => rotation.State switch
    {
        RotationState.WaitingForRevoke =>
            $"{rotation.Secret}: rotation {rotation.Id} {Waits(again)} for a person to end the old credential",
        RotationState.WaitingForApproval when again => $"{rotation.Secret}: rotation {rotation.Id} still waits for approval",
        RotationState.WaitingForValue when again => $"{rotation.Secret}: rotation {rotation.Id} still waits for a value",
        _ => null,
    };

    private static string Waits(bool again) => again ? "still waits" : "waits";

    private static (string Action, string Otherwise, string Answer)? Asked(RotationRecord rotation) => rotation.State switch
    {
        RotationState.WaitingForApproval => (
            Notice.NeedsApproval, "It waits for approval.", $"rotunda approve {rotation.Id}, or rotunda reject {rotation.Id} --reason WHY"),
        RotationState.WaitingForValue => (Notice.NeedsValue, "It waits for a value.", $"rotunda provide {rotation.Id}"),
        RotationState.WaitingForRevoke => (
            Notice.NeedsValue, "It waits for a person to end the old credential.", $"rotunda confirm {rotation.Id}"),
        _ => null,
    };

    private static string RotationMoment(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM-dd HH:mm} UTC";
}
