using Rotunda.Ledger;
using Rotunda.Rotation.Orchestrations;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>What a rotation gives to tell while it waits for a person.</summary>
public sealed class NoticeWaits(ILedger ledger)
{
    /// <summary>The records that ask a person, or ask again.</summary>
    private static readonly HashSet<string> s_asks = new(StringComparer.Ordinal)
    {
        RotationActions.ApprovalRequested, RotationActions.ValueRequested, RotationActions.ValueRefused, RotationActions.ValueReminded,
        RotationActions.RevokeRequested, RotationActions.RevokeReminded,
    };

    /// <summary>One that is asked for again is told again: the record's number tells the two apart.</summary>
    /// <returns>Null if it waits for nobody.</returns>
    public async Task<Notice?> OfAsync(RotationRecord rotation, CancellationToken cancellationToken)
    {
        if (Asked(rotation) is not var (action, otherwise, answer))
        {
            return null;
        }

        var rows = await ledger.ReadRotationAsync(rotation.Id, cancellationToken);
        var since = rows.LastOrDefault(row => s_asks.Contains(row.Action))?.Sequence ?? 0;
        var step = AskedPeople.StepOf(rotation);
        var until = rotation.Until is { } end ? $" It is asked until {RotationMoment(end)}." : "";
        return new Notice(
            action, rotation.Secret, rotation.Id, $"{rotation.Id} at record {since}",
            $"{rotation.Detail ?? otherwise} Asked for by {rotation.RequestedBy}: {rotation.Reason}{until} "
                + $"See: rotunda show {rotation.Id}. Answer: {answer}")
        {
            Title = rotation.State == RotationState.WaitingForRevoke
                ? $"{rotation.Secret}: rotation {rotation.Id} waits for a person to end the old credential"
                : null,
            StepId = step?.Id,
            People = step is null ? [] : await AskedPeople.OfAsync(rotation, step, ledger, cancellationToken),
        };
    }

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
