using Cronos;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>What the parts of a schedule must be to each other, and to how long a rotation takes.</summary>
internal static class ScheduleRules
{
    /// <summary>The reader has no clock: what comes again is looked at over nine years, so that a 29 February is among them.</summary>
    private static readonly DateTime s_sample = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static void Check(Policy policy, CatalogMap map)
    {
        CheckWindow(policy, map);
        CheckLength(policy, map);
        CheckJitter(policy, map);
        CheckEffect(policy, map);
        CheckCron(policy, map);
    }

    /// <summary>Scheduled rotations start while the window is open: one that opens more rarely than the interval makes each late.</summary>
    private static void CheckWindow(Policy policy, CatalogMap map)
    {
        if (policy.Window is not { Days.Count: > 0 } window || policy.Interval is not { } interval || !map.IsGood("window")
            || !map.IsGood("interval"))
        {
            return;
        }
        var days = window.Days.Distinct().Select(day => (int)day).Order().ToList();
        var shortest = days.Zip(days.Skip(1).Append(days[0] + 7), (one, next) => next - one).Min();
        if (shortest > 1 && interval < TimeSpan.FromDays(shortest))
        {
            map.Problem(
                map.Has("window") ? "window" : "interval",
                $"the window opens every {shortest} days at best, and the interval is {DurationText.Format(interval)}: each rotation "
                    + $"would be late. Open it on more days, or make the interval {shortest}d or longer.");
        }
    }

    private static void CheckLength(Policy policy, CatalogMap map)
    {
        var keys = new[] { "interval", "cron", "risk", "grace", "tokenLifetime", "verifierCache", "evidence", "revoke" };
        if (!keys.All(map.IsGood) || (policy.Interval ?? ShortestGap(policy.Cron)) is not { } interval)
        {
            return;
        }
        var least = PolicyRules.GraceOf(policy) + (policy.VerifierCache ?? TimeSpan.Zero) + (policy.Evidence?.Timeout ?? TimeSpan.Zero)
            + (policy.DisableFor ?? TimeSpan.Zero);
        var what = policy.DisableFor is null ? "grace and evidence" : "grace, evidence and the time disabled";
        if (interval < least)
        {
            map.Problem(
                policy.Cron is null ? "interval" : "cron",
                $"{DurationText.Format(interval)} is shorter than one rotation may take: {what} need "
                    + $"{DurationText.Format(least)}. Make the interval longer or the grace shorter.");
        }
    }

    private static void CheckJitter(Policy policy, CatalogMap map)
    {
        if (map.IsGood("jitter") && (policy.Interval ?? ShortestGap(policy.Cron)) is { } interval && policy.Jitter > interval / 2)
        {
            map.Problem(
                "jitter",
                $"{DurationText.Format(policy.Jitter)} is more than half of what lies between two runs "
                    + $"({DurationText.Format(interval)}). Make it shorter.");
        }
    }

    /// <summary>What has no effect is a mistake about another key.</summary>
    private static void CheckEffect(Policy policy, CatalogMap map)
    {
        if (map.Has("missed") && policy.Window is null && policy.Missed != MissedRun.NextWindow)
        {
            map.Problem("missed", "has no effect without a window: a run that is due starts at once. Add a window, or remove it.");
        }
        if (policy is { Interval: null, Cron: null })
        {
            foreach (var key in new[] { "jitter", "missed", "after", "paused" }.Where(map.Has))
            {
                map.Problem(
                    key,
                    "has no effect: the secret rotates on request only. Say how often (interval, cron or risk), or remove it.");
            }
        }
    }

    private static void CheckCron(Policy policy, CatalogMap map)
    {
        if (policy.Cron is { } named && map.IsGood("cron") && !Occurrences(named).Any())
        {
            map.Problem("cron", "names no moment that ever comes (such as 30 February). Correct the day or the month.");
            return;
        }
        if (policy is not { Cron: { } cron, Window: { } window } || !map.IsGood("cron") || !map.IsGood("window"))
        {
            return;
        }
        var zone = TimeZoneInfo.FindSystemTimeZoneById(window.TimeZone);
        if (!Occurrences(cron).Any(at => Contains(window, TimeZoneInfo.ConvertTimeFromUtc(at, zone))))
        {
            map.Warn(
                "cron",
                "none of its times lies in the window, so each run waits until the window opens. Choose times in the window, or leave one "
                    + "of the two out.");
        }
    }

    private static bool Contains(RotationWindow window, DateTime local)
    {
        var time = TimeOnly.FromDateTime(local);
        var isNextDay = window.To <= window.From && time < window.To;
        var isInside = window.To > window.From ? time >= window.From && time < window.To : time >= window.From || isNextDay;
        var day = (isNextDay ? local.AddDays(-1) : local).DayOfWeek;
        return isInside && (window.Days.Count == 0 || window.Days.Contains(day));
    }

    private static TimeSpan? ShortestGap(CronRule? cron)
    {
        var times = cron is null ? [] : Occurrences(cron).ToList();
        return times.Count < 2 ? null : times.Zip(times.Skip(1), (one, next) => next - one).Min();
    }

    private static IEnumerable<DateTime> Occurrences(CronRule cron) => CronExpression.Parse(cron.Expression)
        .GetOccurrences(s_sample, s_sample.AddYears(9), TimeZoneInfo.FindSystemTimeZoneById(cron.TimeZone)).Take(1000);
}
