using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Scheduling;

/// <summary>"Must it rotate now?", asked as a chain of questions: the first that has an answer decides.</summary>
public static class RotationSchedule
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(24);
    private static readonly TimeSpan LeasePause = TimeSpan.FromMinutes(5);

    /// <summary>Before the credential in use ends by itself, where the policy does not say.</summary>
    private static readonly TimeSpan UsualLead = TimeSpan.FromDays(7);

    private static readonly Func<Policy, SecretSchedule, DateTimeOffset, RotationDecision?>[] Questions =
    [
        IsNotAdopted, IsOnRequestOnly, IsUnderWay, IsNotDue, IsOutOfReach, IsBackingOff, IsPaused, IsHeld, IsMissed,
        IsOutsideWindow, IsFrozen,
    ];

    public static RotationDecision Decide(Policy policy, SecretSchedule schedule, DateTimeOffset now)
    {
        foreach (var question in Questions)
        {
            if (question(policy, schedule, now) is { } answer)
            {
                return answer;
            }
        }
        var due = DueAt(policy, schedule)!.Value;
        var why = due == ByEnd(policy, schedule) ? EndOf(schedule) : "";
        var message = schedule.ConsecutiveFailures > 0
            ? $"Due since {Show(due)}; try {schedule.ConsecutiveFailures + 1} after {Count(schedule.ConsecutiveFailures)}.{why}"
            : $"Due since {Show(due)}.{why}";
        return new RotationDecision(true, DecisionReasons.Due, message, due, StartKey: StartKeyOf(due, schedule.ConsecutiveFailures));
    }

    /// <summary>True where <see cref="Decide"/> is sure to say no, whatever else holds: most secrets, most of the time. Tells no reason,
    /// and costs little.</summary>
    public static bool IsFarOff(Policy policy, SecretSchedule schedule, DateTimeOffset now) =>
        schedule.ActiveRotationId is not null || (schedule.AdoptedAt is null && schedule.LastRotatedAt is null)
        || IsSurelyLater(policy, schedule, now)
        || !(DueAt(policy, schedule) <= now);

    /// <summary>By what is known without working out the jitter. With a lease, what a person put off may be due earlier.</summary>
    private static bool IsSurelyLater(Policy policy, SecretSchedule schedule, DateTimeOffset now) =>
        schedule.Lease is null && DueTimes.Earliest(policy, schedule) > now && !(ByEnd(policy, schedule) <= now);

    /// <summary>
    /// One interval after the last rotation, or after the adoption: adopting a secret never rotates it by surprise. Earlier where the
    /// credential in use ends by itself. Where a person stopped a rotation since, not before that one is due again.
    /// </summary>
    public static DateTimeOffset? DueAt(Policy policy, SecretSchedule schedule)
    {
        var regular = Regular(policy, schedule);
        return !(schedule.DueAgainAt > regular) ? regular
            : schedule.Lease is not null && LastCall(schedule) < schedule.DueAgainAt ? LastCall(schedule)
            : schedule.DueAgainAt;
    }

    /// <summary>Some time before the credential in use ends by itself: never more than half of its life, or each new one would be due
    /// at once.</summary>
    public static DateTimeOffset? ByEnd(Policy policy, SecretSchedule schedule)
    {
        if (schedule.EndsAt is not { } end)
        {
            return null;
        }
        var (lead, half) = (policy.RenewBefore ?? UsualLead, (end - (schedule.EndsFrom ?? schedule.AdoptedAt ?? end)) / 2);
        var before = lead < half ? lead : half > TimeSpan.Zero ? half : TimeSpan.Zero;
        return end - before - (schedule.Lease is null ? TimeSpan.Zero : DueTimes.Part(policy.Name, end) * before / 8);
    }

    /// <summary>The pause after so many failures in a row: an hour, doubled each time, at most a day.</summary>
    public static TimeSpan PauseAfter(int failures)
    {
        var pause = FirstPause;
        for (var i = 1; i < failures && pause < LongestPause; i++)
        {
            pause *= 2;
        }
        return pause < LongestPause ? pause : LongestPause;
    }

    /// <summary>As <see cref="PauseAfter"/>; with a lease never more than a quarter of the time that it has left, and once that is over
    /// five minutes: what is to replace it is not waited for.</summary>
    internal static TimeSpan PauseOf(SecretSchedule schedule, DateTimeOffset failed)
    {
        var pause = PauseAfter(schedule.ConsecutiveFailures);
        if (schedule is not { Lease: not null, EndsAt: { } end })
        {
            return pause;
        }
        var quarter = (end - failed) / 4;
        var most = quarter > LeasePause ? quarter : LeasePause;
        return pause < most ? pause : most;
    }

    /// <summary>A moment, for people.</summary>
    public static string Show(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM-dd HH:mm} UTC";

    private static RotationDecision? IsOnRequestOnly(Policy policy, SecretSchedule schedule, DateTimeOffset now) =>
        DueTimes.Of(policy, schedule) is null && ByLease(policy, schedule) is null
            ? new(
                false,
                DecisionReasons.OnRequest,
                (policy.Strategy == Strategy.Leased && schedule.Lease is null
                    ? $"It has no lease yet. To take the first: rotunda rotate {policy.Name} --reason WHY."
                    : policy.OnCompromise
                    ? $"It rotates when it is compromised: rotunda rotate {policy.Name} --emergency --incident REF."
                    : policy.Cron is { } cron ? $"Its cron ({cron.Expression}) names no moment that comes: it rotates on request only."
                    : "It has no interval: it rotates on request only.") + EndOf(schedule),
                ByEnd(policy, schedule))
            : null;

    private static RotationDecision? IsNotAdopted(Policy policy, SecretSchedule schedule, DateTimeOffset now) =>
        schedule.AdoptedAt is null && schedule.LastRotatedAt is null
            ? new(false, DecisionReasons.NotAdopted, "It is not adopted yet.")
            : null;

    private static RotationDecision? IsUnderWay(Policy policy, SecretSchedule schedule, DateTimeOffset now) =>
        schedule.ActiveRotationId is { } id
            ? new(false, DecisionReasons.UnderWay, $"Rotation {id} is under way.", DueAt(policy, schedule))
            : null;

    private static RotationDecision? IsNotDue(Policy policy, SecretSchedule schedule, DateTimeOffset now)
    {
        var due = DueAt(policy, schedule)!.Value;
        if (now >= due)
        {
            return null;
        }
        var message = IsPutOff(policy, schedule)
            ? $"A person stopped the last rotation; due again at {Show(due)}."
            : $"Due at {Show(due)}.{(due == ByEnd(policy, schedule) ? EndOf(schedule) : "")}";
        return new(false, DecisionReasons.NotDue, message, due, Openings.Next(policy, due));
    }

    private static string EndOf(SecretSchedule schedule) => schedule switch
    {
        { Lease.EndedAt: { } ended } => $" The lease in use has ended, at {Show(ended)}: {schedule.Lease.Problem}",
        { Lease: { } lease, EndsAt: { } last } => $" The lease in use ends at {Show(last)} at the latest.{Trouble(lease)}",
        { Lease: { } lease } => Trouble(lease),
        { EndsAt: { } end } => $" The credential in use ends by itself at {Show(end)}.",
        _ => "",
    };

    private static string Trouble(LeaseState lease) =>
        lease.FailingSince is { } since ? $" It could not be renewed since {Show(since)}: {lease.Problem}" : "";

    /// <summary>A lease is replaced before its end whatever the policy says of how often.</summary>
    private static DateTimeOffset? ByLease(Policy policy, SecretSchedule schedule) =>
        schedule.Lease is null ? null : ByEnd(policy, schedule);

    /// <summary>Where the lease's system does not answer, a rotation could not begin there either.</summary>
    private static RotationDecision? IsOutOfReach(Policy policy, SecretSchedule schedule, DateTimeOffset now) =>
        schedule.Lease is { IsAway: true, FailingSince: { } since }
            ? new(
                false,
                DecisionReasons.Held,
                $"Due, and starts as soon as its provider answers again, which it does not since {Show(since)}.{EndOf(schedule)}",
                DueAt(policy, schedule))
            : null;

    private static DateTimeOffset? Regular(Policy policy, SecretSchedule schedule)
    {
        var due = DueTimes.Of(policy, schedule);
        return ByEnd(policy, schedule) is { } end && !(due < end) ? end : due;
    }

    private static bool IsPutOff(Policy policy, SecretSchedule schedule) => schedule.DueAgainAt > Regular(policy, schedule);

    private static RotationDecision? IsBackingOff(Policy policy, SecretSchedule schedule, DateTimeOffset now)
    {
        if (schedule.ConsecutiveFailures <= 0 || schedule.LastFailedAt is not { } failed)
        {
            return null;
        }
        var next = failed + PauseOf(schedule, failed);
        return now < next
            ? new(
                false,
                DecisionReasons.BackingOff,
                $"Waits until {Show(next)} after {Count(schedule.ConsecutiveFailures)}.",
                DueAt(policy, schedule),
                Openings.Next(policy, next))
            : null;
    }

    private static RotationDecision? IsPaused(Policy policy, SecretSchedule schedule, DateTimeOffset now) =>
        schedule.PauseOf(policy) is { } pause && now < pause.Until && !IsLastCall(policy, schedule, now)
            ? new(
                false,
                DecisionReasons.Paused,
                $"Due, and paused until {Show(pause.Until)} ({pause.Why}).",
                DueAt(policy, schedule),
                Openings.Next(policy, pause.Until))
            : null;

    /// <summary>Another secret comes first.</summary>
    private static RotationDecision? IsHeld(Policy policy, SecretSchedule schedule, DateTimeOffset now) =>
        schedule.HeldBy is { } held && !IsLastCall(policy, schedule, now)
            ? new(
                false,
                DecisionReasons.Held,
                $"Due, and waits: {held.Why}.",
                DueAt(policy, schedule),
                held.Until is { } until ? Openings.Next(policy, until) : null)
            : null;

    private static RotationDecision? IsMissed(Policy policy, SecretSchedule schedule, DateTimeOffset now) =>
        policy.Missed == MissedRun.Ask && Openings.IsMissed(policy, ReadyAt(policy, schedule), now) && !IsLastCall(policy, schedule, now)
            ? new(
                false,
                DecisionReasons.MissedRun,
                $"Due, and its window is over. It waits for a person: rotunda rotate {policy.Name} --reason WHY.",
                DueAt(policy, schedule))
            : null;

    private static RotationDecision? IsOutsideWindow(Policy policy, SecretSchedule schedule, DateTimeOffset now)
    {
        if (policy.Window is not { } window || RotationWindows.IsOpen(window, now)
            || (policy.Missed == MissedRun.AtOnce && Openings.IsMissed(policy, ReadyAt(policy, schedule), now))
            || IsLastCall(policy, schedule, now))
        {
            return null;
        }
        var opens = Openings.Next(policy, now);
        var message = opens is { } at
            ? $"Due, and waits for its window ({RotationWindows.Describe(window)}), which opens at {Show(at)}."
            : $"Due, and waits for its window ({RotationWindows.Describe(window)}), which does not open within a year.";
        return new(false, DecisionReasons.WindowClosed, message, DueAt(policy, schedule), opens);
    }

    private static RotationDecision? IsFrozen(Policy policy, SecretSchedule schedule, DateTimeOffset now) =>
        Openings.FreezeAt(policy, now) is { } freeze && !IsLastCall(policy, schedule, now)
            ? new(
                false,
                DecisionReasons.Frozen,
                freeze.IsUnknown
                    ? $"Due, and waits: the times of the change freeze {freeze.Name} are not known. See: rotunda doctor"
                    : $"Due, and waits for the end of the change freeze {freeze.Name} at {Show(freeze.Until)}.",
                DueAt(policy, schedule),
                Openings.Next(policy, freeze.Until))
            : null;

    /// <summary>From when on what ends by itself waits for nothing but a failure's pause: a credential that is gone before the opening
    /// comes locks out whoever uses it. Null where nothing ends.</summary>
    internal static DateTimeOffset? LastCall(SecretSchedule schedule)
    {
        if (schedule.EndsAt is not { } end)
        {
            return null;
        }
        var quarter = (end - (schedule.EndsFrom ?? schedule.AdoptedAt ?? end)) / 4;
        return end - (quarter < LongestPause ? quarter > TimeSpan.Zero ? quarter : TimeSpan.Zero : LongestPause);
    }

    /// <summary>The credential in use would be gone, or nearly, before all that a run waits for is over.</summary>
    private static bool IsLastCall(Policy policy, SecretSchedule schedule, DateTimeOffset now) =>
        LastCall(schedule) is { } call && (EarliestStart.Of(policy, schedule, DueAt(policy, schedule)!.Value, now, []) ?? now) >= call;

    /// <summary>Since when nothing but an opening is missing.</summary>
    internal static DateTimeOffset ReadyAt(Policy policy, SecretSchedule schedule)
    {
        var ready = DueAt(policy, schedule)!.Value;
        if (schedule is { ConsecutiveFailures: > 0, LastFailedAt: { } failed })
        {
            ready = Later(ready, failed + PauseOf(schedule, failed));
        }
        return schedule.PauseOf(policy) is { } pause ? Later(ready, pause.Until) : ready;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static string StartKeyOf(DateTimeOffset due, int failures) =>
        failures > 0 ? $"schedule:{due.UtcDateTime:O}#{failures}" : $"schedule:{due.UtcDateTime:O}";

    private static string Count(int failures) => failures == 1 ? "a failed rotation" : $"{failures} failed rotations in a row";
}
