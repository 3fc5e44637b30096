using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

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
        if (DueTimes.Of(policy, schedule) is null && schedule.Lease is null)
        {
            yield break;
        }
        var (at, life) = (schedule, schedule.EndsAt - schedule.EndsFrom);
        if (schedule.ActiveRotationId is not null)
        {
            // Counted from its end, which is taken for now.
            at = After(schedule.AdoptedAt ?? now, now, schedule, life);
        }
        while ((DueTimes.Of(policy, at) is not null || at.Lease is not null) && RotationSchedule.DueAt(policy, at) is { } due)
        {
            var why = new List<string>();
            var starts = Hurried(at, EarliestStart.Of(policy, at, due, now, why), EarliestStart.Ready(at, due < now ? now : due, []), why);
            yield return new ComingRun(due, starts, why);
            if (starts is not { } started)
            {
                yield break;
            }
            at = After(at.AdoptedAt, started, schedule, life);
        }
    }

    /// <summary>Once a run has succeeded at once: what it makes is taken to live as long as what is in use now.</summary>
    private static SecretSchedule After(DateTimeOffset? adopted, DateTimeOffset started, SecretSchedule known, TimeSpan? life) =>
        new(adopted, started)
        {
            Paused = known.Paused,
            EndsAt = life > TimeSpan.Zero ? started + life : null,
            EndsFrom = started,
            Lease = known.Lease is { } lease ? new LeaseState(lease.Lives, started, true) { LastEnd = started + life } : null,
        };

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
