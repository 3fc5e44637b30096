using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Calendar.Due;

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
            var starts = Hurried(at, EarliestStart.Of(policy, at, due, now, why), EarliestStart.Ready(at, due < now ? now : due, []), why);
            yield return new ComingRun(due, starts, why);
            if (starts is not { } started)
            {
                yield break;
            }
            at = new SecretSchedule(at.AdoptedAt, started) { Paused = schedule.Paused };
        }
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
}
