using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Calendar.Due;

/// <summary>What keeps secrets from starting beside their own schedule: another one that goes first (in staging, or of their group),
/// what people have paused, and change notices that have to go out first.</summary>
/// <param name="schedules">What is known of them; those that are looked at have to be among them.</param>
/// <param name="pauses">What people have paused of a secret: the pause that ends last.</param>
/// <param name="decide">Whether one of its group is due.</param>
public sealed class ScheduleHolds(
    GroupMembers members,
    IReadOnlyDictionary<string, SecretSchedule> schedules,
    PausedByPeople pauses,
    DateTimeOffset now,
    Decide decide)
{
    private static readonly SecretSchedule Unknown = new(null, null);

    private readonly GroupsNow _groups = new();

    /// <summary>Over a whole catalog, by the rules in force.</summary>
    public ScheduleHolds(
        RotationCatalog? catalog, IReadOnlyDictionary<string, SecretSchedule> schedules, PausedByPeople pauses, DateTimeOffset now)
        : this(GroupMembers.Of(catalog), schedules, pauses, now, RotationSchedule.Decide)
    {
    }

    /// <summary>By secret, those that wait for their change notice.</summary>
    public IReadOnlyDictionary<string, ScheduleHold> Changes { get; init; } = new Dictionary<string, ScheduleHold>(StringComparer.Ordinal);

    /// <summary>What others of the same look have found out of the groups.</summary>
    internal GroupsNow Groups
    {
        init => _groups = value;
    }

    /// <summary>The schedule with what keeps it back.</summary>
    public SecretSchedule On(Policy policy, SecretSchedule schedule) =>
        schedule with { HeldBy = Of(policy), Paused = PauseOf(policy) };

    /// <summary>What people have paused of it: the pause that ends last.</summary>
    public SchedulePause? PauseOf(Policy policy) => pauses(policy);

    /// <summary>Null where nothing else comes first.</summary>
    public ScheduleHold? Of(Policy policy) => ByPreceding(policy) ?? ByGroup(policy) ?? Changes.GetValueOrDefault(policy.Name);

    private ScheduleHold? ByPreceding(Policy policy)
    {
        if (policy.After is not { } after)
        {
            return null;
        }

        var self = schedules.GetValueOrDefault(policy.Name);
        var first = schedules.GetValueOrDefault(after.Secret);
        var since = self?.LastRotatedAt ?? self?.AdoptedAt;
        if (first?.LastRotatedAt is not { } rotated || rotated < since)
        {
            return new ScheduleHold($"{after.Secret} has to rotate first{UnderWay(first)}", null);
        }

        // In its grace period it may still be rolled back: that shows nothing yet.
        if (first.SucceededFrom is not { } proven || proven < since || first.SucceededAt is not { } over)
        {
            return new ScheduleHold($"{after.Secret} rotated at {Show(rotated)}, and that has to succeed first{UnderWay(first)}", null);
        }

        var soaked = over + after.Soak;
        return soaked > now
            ? new ScheduleHold($"{after.Secret} rotated at {Show(over)} and is watched until {Show(soaked)}", soaked)
            : null;
    }

    private static string UnderWay(SecretSchedule? schedule) => schedule?.ActiveRotationId is { } id ? $" ({id} is under way)" : "";

    private ScheduleHold? ByGroup(Policy policy)
    {
        if (policy.Group is not { } group)
        {
            return null;
        }

        var open = _groups.OpenOf(group, () => OpenOf(group)).Where(one => one.Secret != policy.Name).Select(one => one.Rotation).ToList();
        if (GroupRoom.WhyFull(group, open) is { } full)
        {
            return new ScheduleHold(full, null);
        }

        var place = GroupRoom.PlaceOf(group, policy.Name);
        var earlier = _groups.DueOf(group, () => DueOf(group))
            .TakeWhile(other => other.Place < place).Take(group.AtOnce - open.Count).ToList();
        return earlier.Count > 0 && open.Count + earlier.Count >= group.AtOnce
            ? new ScheduleHold($"{earlier[0].Secret} of its group {group.Name} goes first", null)
            : null;
    }

    private IEnumerable<(string Secret, string Rotation)> OpenOf(RotationGroup of) => members.Of(of.Name)
        .Select(member => (member.Name, Open: schedules.GetValueOrDefault(member.Name)?.ActiveRotationId))
        .Where(one => one.Open is not null)
        .Select(one => (one.Name, one.Open!));

    private IEnumerable<(int Place, string Secret)> DueOf(RotationGroup of) => of.Order.Index()
        .Where(one => members.Find(of.Name, one.Item) is { } member && IsDue(member));

    private bool IsDue(Policy other) =>
        decide(
            other,
            (schedules.GetValueOrDefault(other.Name) ?? Unknown) with
            {
                HeldBy = ByPreceding(other) ?? Changes.GetValueOrDefault(other.Name), Paused = pauses(other),
            },
            now).Rotate;

    private static string Show(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM-dd HH:mm} UTC";
}
