using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Calendar.Due;

/// <summary>Asks whether a secret must rotate by schedule now: <see cref="RotationSchedule.Decide"/>, but for tests.</summary>
public delegate RotationDecision Decide(Policy policy, SecretSchedule schedule, DateTimeOffset now);

/// <summary>What people have paused of a secret; null for nothing.</summary>
public delegate SchedulePause? PausedByPeople(Policy policy);

/// <summary>Starts a rotation that is due.</summary>
/// <returns>The secret's schedule since the start; null if nothing was started.</returns>
public delegate ValueTask<SecretSchedule?> StartDue(Policy policy, RotationDecision decision);

/// <summary>
/// One look at the secrets: which of them must rotate now. It knows neither a ledger nor an engine, so that a head looks by the real
/// clock, and a simulation plays years of looks.
/// </summary>
/// <param name="catalog">All secrets: those that are looked at may wait for others.</param>
/// <param name="schedules">What is known of them.</param>
/// <param name="started">Writes a secret's schedule since its start there: those of the same group see it in the same look.</param>
public sealed class DueLook(
    RotationCatalog catalog,
    IReadOnlyDictionary<string, SecretSchedule> schedules,
    Action<string, SecretSchedule> started,
    Decide decide,
    PausedByPeople? pauses = null)
{
    private readonly GroupMembers _groups = GroupMembers.Of(catalog);

    /// <summary>Of the look that is under way.</summary>
    private GroupsNow _now = new();

    /// <summary>By secret, those that wait for their change notice.</summary>
    public IReadOnlyDictionary<string, ScheduleHold> Changes { get; init; } = new Dictionary<string, ScheduleHold>(StringComparer.Ordinal);

    /// <summary>Tells of a secret that it is sure not to start, without asking further; null asks of each.</summary>
    public Func<Policy, SecretSchedule, DateTimeOffset, bool>? PassesBy { get; init; }

    /// <summary>Decides for one secret. What is known of its group is that of the look under way.</summary>
    private RotationDecision Of(Policy policy, SecretSchedule schedule, DateTimeOffset now) =>
        decide(policy, HoldsAt(now).On(policy, schedule), now);

    /// <param name="policies">Whom to look at, in the order in which they start; what is not known yet is left out.</param>
    /// <param name="clock">Asked anew for each: a start takes its time.</param>
    /// <param name="told">Hears each decision; null where nobody asks.</param>
    /// <returns>How many were started.</returns>
    public async ValueTask<int> RunAsync(
        IEnumerable<Policy> policies, Func<DateTimeOffset> clock, StartDue start, Action<Policy, RotationDecision>? told = null)
    {
        var count = 0;
        _now = new GroupsNow();
        foreach (var policy in policies)
        {
            var now = clock();
            if (!schedules.TryGetValue(policy.Name, out var schedule) || PassesBy?.Invoke(policy, schedule, now) == true)
            {
                continue;
            }

            var decision = Of(policy, schedule, now);
            told?.Invoke(policy, decision);
            if (decision.Rotate && await start(policy, decision) is { } since)
            {
                count++;
                started(policy.Name, since);
                if (policy.Group is { } group)
                {
                    _now.Forget(group);
                }
            }
        }

        return count;
    }

    private ScheduleHolds HoldsAt(DateTimeOffset now) =>
        new(_groups, schedules, pauses ?? (_ => null), now, decide) { Changes = Changes, Groups = _now };
}
