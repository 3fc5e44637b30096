using Rotunda.Calendar.Due;
using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>Makes the board: one pass over the catalog and the ledger.</summary>
public sealed class BoardMaker(
    ICatalogSource catalog, Leavers leavers, DoctorDesk doctor, HoldReader reader, ILedger ledger, TimeProvider time)
{
    /// <summary>The rows of the last board, in the order of its catalog: most rows of the next are the same, and are held once.</summary>
    private volatile BoardRow[] _last = [];

    public async Task<Board> MakeAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var now = time.GetUtcNow();
        var secrets = await ledger.SecretsByNameAsync(cancellationToken);
        var open = await ledger.ListOpenAsync(cancellationToken).ToDictionaryAsync(r => r.Secret, StringComparer.Ordinal,
            cancellationToken);
        var findings = Worst(doctor.Last);
        var holds = await reader.OfAllAsync(secrets, cancellationToken);
        var (rows, last) = (new List<BoardRow>(secrets.Count), _last);
        var ages = new int[Board.AgeBuckets];
        var onRequest = 0;
        foreach (var policy in catalog.Current?.Policies.Values ?? [])
        {
            var secret = secrets.GetValueOrDefault(policy.Name);
            var rotation = open.GetValueOrDefault(policy.Name);
            var credentials = rotation is null ? [] : await ledger.ListCredentialsAsync(policy.Name, cancellationToken);
            var row = Row(policy, secret, SecretGroups.Of(
                policy, secret, rotation, credentials, holds, findings.GetValueOrDefault(policy.Name), now));
            rows.Add(last.ElementAtOrDefault(rows.Count) is { } before && before == row ? before : row);
            onRequest += policy is { Interval: null, Cron: null } ? 1 : 0;
            if (AgeOf(policy, secret, now) is { } age)
            {
                ages[Board.BucketOf(age)]++;
            }
        }

        _last = [.. rows];
        rows.AddRange((await leavers.ListAsync(cancellationToken)).Select(
            leaver => new BoardRow(leaver.Secret.Name, ScheduleGroup.NotInCatalog, null, null, null)));
        var orphans = (await ledger.ListOrphansAsync(cancellationToken)).Count;
        return Sorted(
            now,
            rows,
            ages,
            onRequest,
            orphans,
            FreezesOf(catalog.Current?.Policies.Values ?? [], now),
            time.GetElapsedTime(began)) with
        {
            Open = open.Values.GroupBy(one => one.State)
                .ToDictionary(group => group.Key, group => new OpenCount(group.Count(), group.Min(one => one.CreatedAt))),
            Failing = secrets.Values.Count(secret => secret is { FailuresInARow: > 0, RenamedTo: null }),
        };
    }

    /// <summary>Many secrets have the same ones: those of the defaults.</summary>
    internal static List<BoardFreeze> FreezesOf(IEnumerable<Policy> policies, DateTimeOffset now) =>
    [
        .. policies.SelectMany(policy => policy.Freezes).Where(freeze => freeze.Until > now)
            .CountBy(freeze => freeze)
            .Select(one => new BoardFreeze(one.Key.Name, one.Key.From, one.Key.Until, one.Value)).OrderBy(freeze => freeze.From),
    ];

    private static Board Sorted(
        DateTimeOffset now, List<BoardRow> rows, int[] ages, int onRequest, int orphans, List<BoardFreeze> freezes, TimeSpan took)
    {
        rows.Sort((a, b) => ScheduleStatus.RankOf(a.Group) is var left && ScheduleStatus.RankOf(b.Group) is var right && left != right
            ? left.CompareTo(right)
            : string.CompareOrdinal(a.Name, b.Name));
        var groups = rows.CountBy(row => row.Group).ToDictionary();
        return new Board(now, rows, groups, ages, onRequest, orphans, took)
        {
            Freezes = freezes,
            Coming = [.. rows.Where(row => row.NextAt is not null && row.Group is ScheduleGroup.DueSoon or ScheduleGroup.UpToDate
                or ScheduleGroup.Overdue or ScheduleGroup.Drifted or ScheduleGroup.NotReady or ScheduleGroup.NeedsReview)
                .OrderBy(row => row.NextAt)],
        };
    }

    private static BoardRow Row(Policy policy, SecretRecord? secret, SecretStanding standing) =>
        new(policy.Name, standing.Group, standing.Status.DueAt, standing.Status.NextAt, policy)
    {
        Since = secret?.LastRotatedAt ?? secret?.AdoptedAt,
        // A lease ends and is replaced all day: what is wrong with one has a notice of its own.
        EndsAt = policy.Strategy == Strategy.Leased ? null : secret?.EndsAt,
        HasDrifted = SecretGroups.HasDrifted(secret, ScheduleGroup.UpToDate),
    };

    private static double? AgeOf(Policy policy, SecretRecord? secret, DateTimeOffset now) =>
        policy.Interval is { } interval && (secret?.LastRotatedAt ?? secret?.AdoptedAt) is { } since ? (now - since) / interval : null;

    private static Dictionary<string, DoctorFinding> Worst(DoctorReport? report)
    {
        var worst = new Dictionary<string, DoctorFinding>(StringComparer.Ordinal);
        foreach (var finding in report?.Findings ?? [])
        {
            if (finding.Secret is { } secret)
            {
                worst.TryAdd(secret, finding);
            }
        }

        return worst;
    }
}
