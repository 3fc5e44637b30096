using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>
/// What rotations give to tell where the catalog names channels: that one waits for a person, that an emergency was started or has ended,
/// that one succeeded or failed. The ends are read from the audit, each row once; after a start, those of the last days again.
/// </summary>
public sealed class NoticeEvents(ICatalogSource catalog, NoticeWaits waits, ILedger ledger, TimeProvider time)
{
    private const int PageSize = 1_000;
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(2);

    private static readonly HashSet<string> s_ends = new(StringComparer.Ordinal)
    {
        RotationActions.Succeeded, RotationActions.RolledBack, RotationActions.Cancelled, RotationActions.Rejected,
        RotationActions.Superseded, AuditActions.RotationTakenOver,
    };

    /// <summary>The last row of the audit that was looked at; null before the first look.</summary>
    private long? _seen;

    /// <param name="open">The rotations that have not ended.</param>
    public async Task<IReadOnlyList<Notice>> FindAsync(IReadOnlyCollection<RotationRecord> open, CancellationToken cancellationToken)
    {
        var ended = await EndedAsync(cancellationToken);
        if (catalog.Current?.Notices is null)
        {
            return [];
        }

        var notices = new List<Notice>();
        foreach (var rotation in open)
        {
            notices.AddRange(await waits.OfAsync(rotation, cancellationToken));
        }

        notices.AddRange(open.Where(rotation => rotation.Trigger == RotationTrigger.Emergency).Select(Opened));
        foreach (var id in ended)
        {
            if (await ledger.GetRotationAsync(id, cancellationToken) is { } rotation && rotation.State.IsFinal())
            {
                notices.AddRange(Ended(rotation));
                notices.AddRange(await ExpiredAsync(rotation, cancellationToken));
            }
        }

        return notices;
    }

    private static Notice Opened(RotationRecord rotation) => new(
        Notice.EmergencyOpened, rotation.Secret, rotation.Id, rotation.Id,
        $"{rotation.RequestedBy} started it: {Words.Ended(rotation.Reason)}{Incident(rotation)} See: rotunda show {rotation.Id}")
    {
        Condition = ConditionOf(rotation),
    };

    private static IEnumerable<Notice> Ended(RotationRecord rotation)
    {
        if (rotation.Trigger == RotationTrigger.Emergency)
        {
            yield return Opened(rotation);
            yield return new Notice(
                Notice.EmergencyEnded, rotation.Secret, rotation.Id, rotation.Id,
                $"It ended as {Words.Of(rotation.State)}.{Incident(rotation)} See: rotunda show {rotation.Id}")
            {
                Condition = ConditionOf(rotation), Ends = true,
            };
        }

        if (rotation.State == RotationState.RolledBack)
        {
            yield return new Notice(
                Notice.Failed, rotation.Secret, rotation.Id, rotation.Id,
                $"{Words.Ended(rotation.Detail ?? "No reason is on record.")} Everything was undone. See: rotunda show {rotation.Id}");
        }
        else if (rotation is { State: RotationState.Succeeded, Trigger: not RotationTrigger.Emergency })
        {
            yield return new Notice(
                Notice.Succeeded, rotation.Secret, rotation.Id, rotation.Id,
                $"It was started by {rotation.RequestedBy}: {Words.Ended(rotation.Reason)} See: rotunda show {rotation.Id}");
        }
    }

    /// <summary>One that was cancelled because nobody answered is told also to those to whom that was told before.</summary>
    private async Task<IEnumerable<Notice>> ExpiredAsync(RotationRecord rotation, CancellationToken cancellationToken)
    {
        if (rotation.State != RotationState.Cancelled)
        {
            return [];
        }

        var rows = await ledger.ReadRotationAsync(rotation.Id, cancellationToken);
        var late = rows.LastOrDefault(row => row.Action is RotationActions.ApprovalTimedOut or RotationActions.ValueExpired);
        var kind = late?.Action == RotationActions.ValueExpired ? StepKinds.Ask : StepKinds.Approval;
        var step = rotation.Plan.Steps.FirstOrDefault(one => one.Kind == kind);
        return late is null ? [] :
        [
            new Notice(
                Notice.Expired, rotation.Secret, rotation.Id, rotation.Id,
                $"{StateDetail.Of(late)?.Detail}. Asked for by {rotation.RequestedBy}: {Words.Ended(rotation.Reason)} "
                    + $"See: rotunda show {rotation.Id}. "
                    + $"Again: rotunda rotate {rotation.Secret} --reason WHY")
            {
                To = (step is null ? null : Escalation.Of(step))?.To ?? [],
            },
        ];
    }

    private static string ConditionOf(RotationRecord rotation) => $"emergency {rotation.Id}";

    private static string Incident(RotationRecord rotation) => rotation.Incident is { } incident ? $" Incident: {incident}." : "";

    /// <summary>The rotations that ended since the last look, each once.</summary>
    private async Task<IReadOnlyList<string>> EndedAsync(CancellationToken cancellationToken)
    {
        var seen = _seen ?? await BeginningAsync(cancellationToken);
        var ended = new List<string>();
        while (true)
        {
            var page = await ledger.ReadAuditAsync(new AuditFilter(seen, Limit: PageSize), cancellationToken);
            ended.AddRange(page.Where(row => s_ends.Contains(row.Action)).Select(row => row.RotationId).OfType<string>());
            seen = page.Count > 0 ? page[^1].Sequence : seen;
            if (page.Count < PageSize)
            {
                _seen = seen;
                return [.. ended.Distinct(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>The newest row that is older than the days to look back.</summary>
    private async Task<long> BeginningAsync(CancellationToken cancellationToken)
    {
        var (before, oldest) = (long.MaxValue, time.GetUtcNow() - LookBack);
        while (true)
        {
            var page = await ledger.ReadAuditAsync(new AuditFilter(Limit: PageSize) { BeforeSequence = before }, cancellationToken);
            if (page.FirstOrDefault(row => row.At < oldest) is { } old)
            {
                return old.Sequence;
            }

            if (page.Count < PageSize)
            {
                return 0;
            }

            before = page[^1].Sequence;
        }
    }
}
