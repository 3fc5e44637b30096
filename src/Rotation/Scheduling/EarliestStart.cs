using Rotunda.Rotation.Catalog;

namespace Rotunda.Rotation.Scheduling;

/// <summary>When a run that is due may start, and what it waits for.</summary>
internal static class EarliestStart
{
    /// <summary>When it may start by all that it waits for; null where that hangs on something that nobody knows the time of.</summary>
    /// <param name="why">Gets what it waits for.</param>
    public static DateTimeOffset? Of(Policy policy, SecretSchedule at, DateTimeOffset due, DateTimeOffset now, List<string> why)
    {
        DateTimeOffset? start = Ready(at, due < now ? now : due, why);
        if (at.PauseOf(policy) is { } pause)
        {
            start = Later(start.Value, pause.Until, pause.By is null ? $"paused: {pause.Why}" : $"paused {pause.Why}", why);
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

    /// <summary>When the pause after a failure is over.</summary>
    public static DateTimeOffset Ready(SecretSchedule at, DateTimeOffset from, List<string> why) =>
        at is { ConsecutiveFailures: > 0, LastFailedAt: { } failed }
            ? Later(from, failed + RotationSchedule.PauseOf(at, failed), "the pause after a failed rotation", why)
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

    /// <summary>Names each thing that closes the way, in the order in which they do.</summary>
    private static DateTimeOffset? Open(Policy policy, DateTimeOffset start, List<string> why)
    {
        DateTimeOffset? at = start;
        for (var times = 0; times < 100 && at is { } moment && !Openings.IsOpen(policy, moment); times++)
        {
            if (Openings.FreezeAt(policy, moment) is { } freeze)
            {
                if (freeze.IsUnknown)
                {
                    why.Add($"change freeze {freeze.Name}, whose times are not known");
                    return null;
                }
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
