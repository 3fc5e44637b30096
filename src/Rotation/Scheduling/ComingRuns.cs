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
        if (DueTimes.Of(policy, schedule) is null)
        {
            yield break;
        }
        var at = schedule;
        if (schedule.ActiveRotationId is not null)
        {
            // Counted from its end, which is taken for now.
            at = new SecretSchedule(schedule.AdoptedAt ?? now, now) { Paused = schedule.Paused };
        }
        while (DueTimes.Of(policy, at) is not null && RotationSchedule.DueAt(policy, at) is { } due)
        {
            var why = new List<string>();
            var starts = Hurried(at, Start(policy, at, due, now, why), Ready(at, due < now ? now : due, []), why);
            yield return new ComingRun(due, starts, why);
            if (starts is not { } started)
            {
                yield break;
            }
            at = new SecretSchedule(at.AdoptedAt, started) { Paused = schedule.Paused };
        }
    }

    /// <summary>When it may start by all that it waits for; null where that hangs on something that nobody knows the time of.</summary>
    /// <param name="why">Gets what it waits for.</param>
    internal static DateTimeOffset? Start(Policy policy, SecretSchedule at, DateTimeOffset due, DateTimeOffset now, List<string> why)
    {
        DateTimeOffset? start = Ready(at, due < now ? now : due, why);
        if (at.PauseOf(policy) is { } pause)
        {
            start = Later(start.Value, pause.Until, $"paused {pause.Why}", why);
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
        if (policy.Missed != MissedRun.NextWindow && Openings.IsMissed(policy, RotationSchedule.ReadyAt(policy, at), now))
        {
            return Missed(policy, start.Value, why);
        }
        return Open(policy, start.Value, why);
    }

    private static DateTimeOffset Ready(SecretSchedule at, DateTimeOffset from, List<string> why) =>
        at is { ConsecutiveFailures: > 0, LastFailedAt: { } failed }
            ? Later(from, failed + RotationSchedule.PauseAfter(at.ConsecutiveFailures), "the pause after a failed rotation", why)
            : from;

    private static DateTimeOffset? Missed(Policy policy, DateTimeOffset start, List<string> why)
    {
        if (policy.Missed == MissedRun.Ask)
        {
            why.Add("its window is over, and a person starts it");
            return null;
        }
        why.Add("its window is over, and it starts outside of it");
        return Open(policy with { Window = null }, start, why);
    }

    /// <summary>What ends by itself before that is not waited for.</summary>
    private static DateTimeOffset? Hurried(SecretSchedule at, DateTimeOffset? starts, DateTimeOffset ready, List<string> why)
    {
        if (RotationSchedule.LastCall(at) is not { } call || starts < call || starts == ready)
        {
            return starts;
        }
        why.Clear();
        why.Add($"the credential in use ends by itself at {RotationSchedule.Show(at.EndsAt!.Value)}");
        return starts is null && call > ready ? call : ready;
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
