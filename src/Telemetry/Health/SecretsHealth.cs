using Rotunda.Calendar.Due;
using Rotunda.Api.Desk;
using Rotunda.Api.Http;
using Rotunda.Api.Views;
using Rotunda.Leaks.GitHub;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Telemetry.Health;

/// <summary>Says whether the secrets are well, for monitors: the same effort with ten secrets and with a hundred thousand.</summary>
internal sealed class SecretsHealth(BoardDesk boards, StatusReader status, ClockDesk clock, AlertDesk alerts) : ISecretsHealth
{
    private const int MostNamed = 50;

    /// <summary>Where nothing was counted yet, a monitor has to hear of it before it gives up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Whose credentials, or consumers, are in danger now.</summary>
    private static readonly ScheduleGroup[] s_failing = [ScheduleGroup.Overdue, ScheduleGroup.Stuck, ScheduleGroup.NotDelivered];

    public async Task<SecretsHealthView> ReadAsync(Sight sight, CancellationToken cancellationToken)
    {
        var board = await boards.GetAsync(Patience, cancellationToken);
        string[] problems =
        [
            .. new[] { clock.Doubt, status.CatalogProblem(sight) }.OfType<string>(),
            .. sight.IsWhole ? await alerts.RecentProblemsAsync(cancellationToken) : [],
        ];
        if (board is null)
        {
            return new SecretsHealthView(
                "failing", null, 0, [], [], [], 0, [.. problems, "The secrets are being counted for the first time."]);
        }

        var failing = board.Rows.Where(row => s_failing.Contains(row.Group)).ToList();
        var warnings = board.Rows.Where(row => row.NeedsPerson && !s_failing.Contains(row.Group)).ToList();
        return new SecretsHealthView(
            failing.Count > 0 ? "failing" : warnings.Count > 0 || board.Orphans > 0 || problems.Length > 0 ? "warning" : "ok",
            board.At,
            board.Rows.Count,
            [.. Enum.GetValues<ScheduleGroup>().OrderBy(ScheduleStatus.RankOf)
                .Select(group => new GroupCount(group, board.Groups.GetValueOrDefault(group)))],
            Names(failing, sight),
            Names(warnings, sight),
            board.Orphans,
            problems);
    }

    private static IReadOnlyList<string> Names(IEnumerable<BoardRow> rows, Sight sight) =>
        [.. rows.Select(row => row.Name).Where(sight.Sees).Take(MostNamed)];
}
