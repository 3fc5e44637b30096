using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Calendar.Simulation;

/// <summary>
/// Holds what the scheduler decides against the promises, in plain arithmetic of its own: it uses the catalog, and nothing of what
/// decides.
/// </summary>
internal sealed class PromiseWatch(IReadOnlyDictionary<string, SimulatedSecret> secrets, SimulationOptions options)
{
    private static readonly TimeSpan UsualLead = TimeSpan.FromDays(7);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(10);
    private readonly Dictionary<string, OpenHours> _hours = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CronDays?> _crons = new(StringComparer.Ordinal);
    private readonly ILookup<string, SimulatedSecret> _groups = secrets.Values.Where(one => one.Policy.Group is not null)
        .ToLookup(one => one.Policy.Group!.Name, StringComparer.Ordinal);

    public List<BrokenPromise> Broken { get; } = [];

    public OpenHours HoursOf(SimulatedSecret secret) =>
        _hours.TryGetValue(secret.Name, out var hours) ? hours : _hours[secret.Name] = new OpenHours(secret.Policy);

    /// <summary>Looks at a start that was decided, before it is written down.</summary>
    public void Start(SimulatedSecret secret, RotationDecision decision, DateTimeOffset wall)
    {
        if (secret.Active is { } active)
        {
            Tell(secret, Promises.OneOfASecret, $"{active.Id} was under way", wall);
        }
        StartedTooEarly(secret, decision, wall);
        if (!WouldDie(secret, wall))
        {
            StartedInClosedHours(secret, decision, wall);
            StartedBesideOthers(secret, wall);
        }
    }

    /// <summary>A person starts when it pleases, but not beside its group.</summary>
    public void StartByHand(SimulatedSecret secret, DateTimeOffset wall)
    {
        if (Group(secret) is { } group)
        {
            Tell(secret, Promises.Group, group, wall);
        }
    }

    public void Tell(SimulatedSecret secret, string promise, string what, DateTimeOffset wall) =>
        Broken.Add(new BrokenPromise(wall, secret.Name, promise, what));

    /// <summary>When it is due at the earliest (without jitter), but for what a person put off; null for a secret without a
    /// schedule.</summary>
    public DateTimeOffset? EarliestDue(SimulatedSecret secret) =>
        Regular(secret) is var regular && ByEnd(secret) is { } end && !(regular < end) ? end : regular;

    /// <summary>When it is due at the latest (with all of its jitter); null for a secret without a schedule.</summary>
    public DateTimeOffset? LatestDue(SimulatedSecret secret)
    {
        var by = Regular(secret) + secret.Policy.Jitter;
        if (by is not null && ByEnd(secret) is { } end && end < by)
        {
            by = end;
        }
        return by is { } due && secret.DueAgainAt > due ? secret.DueAgainAt : by;
    }

    /// <summary>Since when nothing but hours and others can keep it.</summary>
    public DateTimeOffset? ReadyAt(SimulatedSecret secret)
    {
        var ready = LatestDue(secret);
        ready = secret.Failures > 0 && secret.LastFailedAt + PauseAfter(secret.Failures) is { } calm && calm > ready ? calm : ready;
        return secret.Policy.Paused is { } pause && pause.Until > ready ? pause.Until : ready;
    }

    /// <summary>Which other secret comes first; null if none does.</summary>
    public string? HeldBy(SimulatedSecret secret, DateTimeOffset wall) => Staging(secret, wall) ?? Group(secret)
        ?? options.Doors.GetValueOrDefault(secret.Name)?.FirstOrDefault(door => secrets[door].Active is not null);

    /// <summary>Another one of its group that is due, too: whichever the order takes first is right.</summary>
    public bool HasRival(SimulatedSecret secret, DateTimeOffset wall) => secret.Policy.Group is { } group
        && _groups[group.Name].Any(other => other != secret && EarliestDue(other) <= wall);

    private void StartedTooEarly(SimulatedSecret secret, RotationDecision decision, DateTimeOffset wall)
    {
        var (regular, by) = (Regular(secret), EarliestDue(secret));
        if (wall < by || wall < (secret.DueAgainAt ?? wall))
        {
            Tell(secret, Promises.Due, $"due at {Show(secret.DueAgainAt > by ? secret.DueAgainAt : by)}", wall);
        }
        if (secret.Failures > 0 && wall < secret.LastFailedAt + PauseAfter(secret.Failures))
        {
            Tell(secret, Promises.Pauses, $"failed at {Show(secret.LastFailedAt)}, {secret.Failures} in a row", wall);
        }
        if (by == regular && !(secret.DueAgainAt > by) && secret.Policy.Cron is not null
            && CronOf(secret) is not null && (decision.DueAt < regular || decision.DueAt > regular + secret.Policy.Jitter))
        {
            Tell(secret, Promises.Cron, $"its moment was {Show(regular)}, and it was due at {Show(decision.DueAt)}", wall);
        }
    }

    private void StartedInClosedHours(SimulatedSecret secret, RotationDecision decision, DateTimeOffset wall)
    {
        var hours = HoursOf(secret);
        if (hours.IsFrozen(wall))
        {
            Tell(secret, Promises.Freeze, secret.Policy.Freezes.First(freeze => freeze.From <= wall && wall < freeze.Until).Name, wall);
        }
        if (!hours.IsInWindow(wall) && !(secret.Policy.Missed == MissedRun.AtOnce && hours.WasOpen(decision.DueAt!.Value, wall)))
        {
            Tell(secret, Promises.Window, RotationWindows.Describe(secret.Policy.Window!), wall);
        }
        if (secret.Policy.Paused is { } pause && wall < pause.Until)
        {
            Tell(secret, Promises.Pause, $"until {Show(pause.Until)}: {pause.Reason}", wall);
        }
    }

    private void StartedBesideOthers(SimulatedSecret secret, DateTimeOffset wall)
    {
        if (Staging(secret, wall) is { } staging)
        {
            Tell(secret, Promises.Staging, staging, wall);
        }
        if (Group(secret) is { } group)
        {
            Tell(secret, Promises.Group, group, wall);
        }
    }

    private string? Staging(SimulatedSecret secret, DateTimeOffset wall)
    {
        if (secret.Policy.After is not { } after || !secrets.TryGetValue(after.Secret, out var first))
        {
            return null;
        }
        return first.Succeeded is not var (from, over) || from < secret.Since
            ? $"no rotation of {first.Name} has succeeded since {Show(secret.Since)}"
            : over + after.Soak > wall ? $"{first.Name} was over at {Show(over)}, and soaks for {DurationText.Format(after.Soak)}"
            : null;
    }

    private string? Group(SimulatedSecret secret)
    {
        if (secret.Policy.Group is not { } group)
        {
            return null;
        }
        var open = _groups[group.Name].Where(other => other != secret && other.Active is not null).ToList();
        return open.Count >= group.AtOnce
            ? $"{string.Join(", ", open.Select(other => other.Active!.Id))} of group {group.Name} under way, {group.AtOnce} at once"
            : null;
    }

    /// <summary>The credential in use would be gone, or nearly, before it may start: it waits for nothing then.</summary>
    private bool WouldDie(SimulatedSecret secret, DateTimeOffset wall)
    {
        if (secret.EndsAt is not { } end)
        {
            return false;
        }
        var quarter = (end - secret.EndsFrom!.Value) / 4;
        var call = end - (quarter < Day ? quarter : Day);
        var from = secret.Policy.Paused is { } pause && pause.Until > wall ? pause.Until : wall;
        return wall >= call || HeldBy(secret, wall) is not null || HoursOf(secret).FirstChance(from, call + Grain) is not { } chance
            || chance >= call;
    }

    private DateTimeOffset? Regular(SimulatedSecret secret) => secret.Policy.Cron is null ? secret.Since + secret.Policy.Interval
        : CronOf(secret)?.NextAfter(secret.Since)
        ?? (RotationSchedule.DueAt(
            secret.Policy with { Jitter = TimeSpan.Zero },
            new SecretSchedule(secret.AdoptedAt, secret.LastRotatedAt)));

    private CronDays? CronOf(SimulatedSecret secret) =>
        _crons.TryGetValue(secret.Name, out var cron) ? cron : _crons[secret.Name] = CronDays.Of(secret.Policy.Cron!);

    private static DateTimeOffset? ByEnd(SimulatedSecret secret)
    {
        if (secret.EndsAt is not { } end)
        {
            return null;
        }
        var (lead, half) = (secret.Policy.RenewBefore ?? UsualLead, (end - secret.EndsFrom!.Value) / 2);
        return end - (lead < half ? lead : half);
    }

    private static TimeSpan PauseAfter(int failures) => TimeSpan.FromHours(Math.Min(24, Math.Pow(2, Math.Min(failures, 9) - 1)));

    private static string Show(DateTimeOffset? at) => at is { } moment ? RotationSchedule.Show(moment) : "never";
}
