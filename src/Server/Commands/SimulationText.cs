using System.Globalization;
using Rotunda.Calendar.Simulation;
using Rotunda.Rotation.Scheduling;
using Rotunda.Server.Hosting;

namespace Rotunda.Server.Commands;

/// <summary>A simulation's report, for people.</summary>
internal static class SimulationText
{
    private const int Bar = 40;
    private const int BrokenShown = 50;

    public static IEnumerable<string> Of(SimulationReport report) =>
    [
        $"{Counted.Of(report.Secrets, "secret")}, {Counted.Of(report.Days, "day")} from {report.From:yyyy-MM-dd}, seed {report.Seed}",
        $"The server was down {Times(report.Downtimes)}, and its clock jumped {Times(report.ClockJumps)}.",
        "",
        .. Calendar(report),
        "",
        .. Collisions(report),
        "",
        .. Hours(report),
        "",
        .. Late(report),
        "",
        .. Broken(report),
    ];

    private static IEnumerable<string> Calendar(SimulationReport report)
    {
        yield return "month    scheduled  by people  emergencies  succeeded  failed  stopped  late";
        foreach (var month in report.Months)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{month.Month}{month.Scheduled,11}{month.ByPeople,11}{month.Emergencies,13}{month.Succeeded,11}{month.Failed,8}"
                    + $"{month.Stopped,9}{month.Late,6}");
        }
    }

    private static IEnumerable<string> Collisions(SimulationReport report)
    {
        yield return $"At most {Counted.Of(report.MostAtOnce, "rotation")} under way at once, and at most "
            + $"{Counted.Of(report.MostInAnHour, "scheduled start")} within an hour.";
        yield return report.PutOff.Count == 0 ? "Nothing was put off." : "Put off, by what they waited for last:";
        foreach (var (reason, count) in report.PutOff.OrderByDescending(pair => pair.Value))
        {
            yield return $"  {reason,-14}{count,6}";
        }
    }

    private static IEnumerable<string> Hours(SimulationReport report)
    {
        var most = Math.Max(1, report.ByHour.Max());
        yield return "Scheduled starts by hour of day (UTC):";
        foreach (var (count, hour) in report.ByHour.Select((count, hour) => (count, hour)))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  {hour:00}{count,7} {new string('#', count * Bar / most)}")
                .TrimEnd();
        }
    }

    private static IEnumerable<string> Late(SimulationReport report)
    {
        yield return report.LateStarts == 0
            ? "None started more than a day after it was due."
            : $"{Counted.Of(report.LateStarts, "rotation")} started more than a day after being due. The latest:";
        foreach (var late in report.Late)
        {
            yield return $"  {late.Secret}: due {RotationSchedule.Show(late.DueAt)}, started {RotationSchedule.Show(late.StartedAt)}, "
                + $"waited for: {late.WaitedFor}";
        }
    }

    private static IEnumerable<string> Broken(SimulationReport report)
    {
        yield return report.Broken.Count == 0 ? "No promise was broken." : $"{Counted.Of(report.Broken.Count, "promise")} broken:";
        foreach (var one in report.Broken.Take(BrokenShown))
        {
            yield return $"  {RotationSchedule.Show(one.At)} {one.Secret}: {one.Promise} ({one.What})";
        }

        if (report.Broken.Count > BrokenShown)
        {
            yield return $"  and {report.Broken.Count - BrokenShown} more: --json has all of them";
        }
    }

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";
}
