using Rotunda.Rotation.Catalog;

namespace Rotunda.Rotation.Scheduling;

/// <summary>A run that is to come, as far as can be told now.</summary>
/// <param name="DueAt">When it is due.</param>
/// <param name="StartsAt">When it may start; null where that hangs on something that nobody knows the time of.</param>
/// <param name="Why">Why it starts later than it is due, in order; empty where it does not.</param>
public sealed record ComingRun(DateTimeOffset DueAt, DateTimeOffset? StartsAt, IReadOnlyList<string> Why);

/// <summary>The next runs of a secret, if each succeeds at once and nothing is changed.</summary>
public static class ComingRuns
{
    /// <param name="schedule">With <see cref="SecretSchedule.HeldBy"/> where another secret comes first; that holds for the first run
    /// only, as nobody knows of the others.</param>
    public static IEnumerable<ComingRun> Of(Policy policy, SecretSchedule schedule, DateTimeOffset now)
    {
        if (policy is { Interval: null, Cron: null })
        {
            yield break;
        }
        var at = schedule;
        if (schedule.ActiveRotationId is not null)
        {
            // Counted from its end, which is taken for now.
            at = new SecretSchedule(schedule.AdoptedAt ?? now, now);
        }
        while (RotationSchedule.DueAt(policy, at) is { } due)
        {
            var why = new List<string>();
            var starts = Start(policy, at, due, now, why);
            yield return new ComingRun(due, starts, why);
            if (starts is not { } started)
            {
                yield break;
            }
            at = new SecretSchedule(at.AdoptedAt, started);
        }
    }

    private static DateTimeOffset? Start(Policy policy, SecretSchedule at, DateTimeOffset due, DateTimeOffset now, List<string> why)
    {
        DateTimeOffset? start = due < now ? now : due;
        if (at is { ConsecutiveFailures: > 0, LastFailedAt: { } failed })
        {
            start = Later(
                start.Value,
                failed + RotationSchedule.PauseAfter(at.ConsecutiveFailures),
                "the pause after a failed rotation",
                why);
        }
        if (policy.Paused is { } pause)
        {
            start = Later(start.Value, pause.Until, $"paused: {pause.Reason}", why);
        }
        if (at.HeldBy is { } held)
        {
            if (held.Until is not { } until)
            {
                why.Add(held.Why);
                return null;
            }
            start = Later(start.Value, until, held.Why, why);
        }
        if (policy.Missed == MissedRun.Ask && Openings.IsMissed(policy, due, now))
        {
            why.Add("its window is over, and a person starts it");
            return null;
        }
        return Open(policy, start.Value, why);
    }

    /// <summary>Names each thing that closes the way, in the order in which they do.</summary>
    private static DateTimeOffset? Open(Policy policy, DateTimeOffset start, List<string> why)
    {
        DateTimeOffset? at = start;
        for (var times = 0; times < 100 && at is { } moment && !Openings.IsOpen(policy, moment); times++)
        {
            if (Openings.FreezeAt(policy, moment) is { } freeze)
            {
                why.Add($"change freeze {freeze.Name} until {RotationSchedule.Show(freeze.Until)}");
                at = freeze.Until;
            }
            else
            {
                why.Add($"window {RotationWindows.Describe(policy.Window!)}");
                at = RotationWindows.NextOpening(policy.Window!, moment);
            }
        }
        return at;
    }

    private static DateTimeOffset Later(DateTimeOffset start, DateTimeOffset until, string reason, List<string> why)
    {
        if (until <= start)
        {
            return start;
        }
        why.Add(reason);
        return until;
    }
}
