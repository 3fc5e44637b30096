using Rotunda.Calendar.Due;
using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>What Home, the search and the calendar show: the same effort with ten secrets and with a hundred thousand.</summary>
public sealed class HomeReader(
    BoardDesk boards,
    StatusReader status,
    ExposureReader exposure,
    ClockDesk clock,
    ICatalogSource catalog,
    ILedger ledger,
    TimeProvider time)
{
    private const int MostNeeds = 30;
    private const int MostRunning = 20;
    private const int MostComing = 12;
    private const int MostADay = 12;

    /// <summary>Home does not wait for a first count of very many secrets.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>A list of secrets has nothing to show without it.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private static readonly RotationState[] ForPeople =
    [
        RotationState.WaitingForApproval, RotationState.WaitingForValue, RotationState.WaitingForRevoke, RotationState.Stuck,
    ];

    private static readonly RotationState[] ByThemselves =
    [
        RotationState.Planned, RotationState.Running, RotationState.Grace, RotationState.RollingBack, RotationState.Paused,
    ];

    public async Task<HomeView> HomeAsync(Sight sight, CancellationToken cancellationToken)
    {
        var board = await boards.GetAsync(Patience, cancellationToken);
        var exposed = await exposure.GetAsync(sight, cancellationToken);
        var first = exposed.Secrets.Select(one => one.Secret).ToHashSet(StringComparer.Ordinal);
        var asked = await OpenAsync(ForPeople, MostNeeds, cancellationToken);
        var needs = first.Concat(asked).Concat(board?.Rows.Where(row => row.NeedsPerson).Select(row => row.Name) ?? [])
            .Where(sight.Sees).Distinct().Take(MostNeeds);
        var running = (await OpenAsync(ByThemselves, MostRunning, cancellationToken)).Where(sight.Sees);
        return new HomeView(
            time.GetUtcNow(),
            [.. (await status.SummarizeAsync(needs, cancellationToken)).Where(NeedsPerson)
                .OrderByDescending(one => first.Contains(one.Name)).ThenBy(one => ScheduleStatus.RankOf(one.Group))],
            await status.SummarizeAsync(running, cancellationToken),
            clock.Doubt)
        {
            Catalog = status.CatalogProblem(sight),
            Exposure = exposed,
            Counts = board is null ? null : Counted(board),
            Coming = [.. (board?.Coming ?? []).Where(row => sight.Sees(row.Name) && row.NextAt >= time.GetUtcNow())
                .Take(MostComing).Select(Run)],
        };
    }

    /// <summary>A page of secrets, most urgent first. The lines are as they stand now, their order as it was counted last.</summary>
    /// <param name="words">Each has to be found in the name, the description, the owner, the tags or the provider.</param>
    /// <param name="after">The name that the page before ended with; null for the first.</param>
    public async Task<SecretList> SearchAsync(
        string? words,
        ScheduleGroup? group,
        string? after,
        int limit,
        Sight sight,
        CancellationToken cancellationToken)
    {
        var all = (await boards.GetAsync(Long, cancellationToken))?.Rows ?? [];
        var wanted = (words ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var found = all
            .Where(row => sight.Sees(row.Name) && (group is null || row.Group == group)
                && wanted.All(word => row.Mentions(word)))
            .ToList();
        var from = after is null ? 0 : found.FindIndex(row => row.Name == after) + 1;
        var page = found.Skip(from).Take(limit).Select(row => row.Name).ToList();
        return new SecretList(await status.SummarizeAsync(page, cancellationToken), clock.Doubt)
        {
            Catalog = status.CatalogProblem(sight),
            Total = found.Count,
            Next = from + page.Count < found.Count ? page[^1] : null,
        };
    }

    /// <summary>The runs that are due on each of the next days (UTC), the first ones of each by name.</summary>
    public async Task<CalendarView> CalendarAsync(int days, Sight sight, CancellationToken cancellationToken)
    {
        var board = await boards.GetAsync(Long, cancellationToken);
        var coming = board?.Coming ?? [];
        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var byDay = coming.Where(row => sight.Sees(row.Name) && row.NextAt >= now)
            .TakeWhile(row => DayOf(row) < today.AddDays(days)).ToLookup(DayOf);
        // Those of all are counted with the board; who sees some alone is told of those alone.
        var freezes = board is null ? []
            : sight.IsWhole ? board.Freezes
            : BoardMaker.FreezesOf((catalog.Current?.Policies.Values ?? []).Where(policy => sight.Sees(policy.Name)), now);
        return new CalendarView(
            now,
            [.. Enumerable.Range(0, days).Select(today.AddDays).Select(day =>
                new CalendarDay(day, byDay[day].Count(), [.. byDay[day].Take(MostADay).Select(Run)])
                {
                    Freezes = [.. freezes.Where(freeze => HoldsOn(freeze, day)).Take(MostADay).Select(Freeze)],
                })]);
    }

    private static bool HoldsOn(BoardFreeze freeze, DateOnly day) =>
        DateOnly.FromDateTime(freeze.From.UtcDateTime) <= day && day <= DateOnly.FromDateTime(freeze.Until.UtcDateTime.AddTicks(-1));

    private static CalendarFreeze Freeze(BoardFreeze freeze) => freeze.IsUnknown
        ? new(freeze.Name, null, null, freeze.Secrets)
        : new(freeze.Name, freeze.From, freeze.Until, freeze.Secrets);

    private static DateOnly DayOf(BoardRow row) => DateOnly.FromDateTime(row.NextAt!.Value.UtcDateTime);

    internal static bool IsForPeople(RotationState state) => ForPeople.Contains(state) || state == RotationState.Paused;

    private static bool NeedsPerson(SecretSummary summary) => new BoardRow(summary.Name, summary.Group, null, null, null).NeedsPerson;

    private static CalendarRun Run(BoardRow row) => new(row.Name, row.NextAt!.Value, row.Owner, row.Window);

    private static HomeCounts Counted(Board board) => new(
        board.At,
        board.Rows.Count,
        [.. Enum.GetValues<ScheduleGroup>().OrderBy(ScheduleStatus.RankOf)
            .Select(group => new GroupCount(group, board.Groups.GetValueOrDefault(group)))],
        board.Ages,
        board.OnRequest,
        board.Orphans,
        board.Rows.Count(row => row.NeedsPerson));

    private async Task<IEnumerable<string>> OpenAsync(RotationState[] states, int limit, CancellationToken cancellationToken) =>
        (await ledger.ListRotationsAsync(new RotationFilter(States: states, OpenOnly: true, Limit: limit), cancellationToken))
            .Select(rotation => rotation.Secret);
}
