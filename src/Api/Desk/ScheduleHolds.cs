using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Api.Desk;

/// <summary>What keeps secrets from starting beside their own schedule: another one that goes first (in staging, or of their group),
/// what people have paused, and change notices that have to go out first.</summary>
/// <param name="secrets">What the ledger has of them; those that are looked at have to be among them.</param>
/// <param name="pauses">Those in force.</param>
internal sealed class ScheduleHolds(
    RotationCatalog? catalog, IReadOnlyDictionary<string, SecretRecord> secrets, IReadOnlyList<PauseRecord> pauses, DateTimeOffset now)
{
    private readonly Lazy<ILookup<string, Policy>> _members = new(() =>
        (catalog?.Policies.Values ?? []).Where(policy => policy.Group is not null)
            .ToLookup(policy => policy.Group!.Name, StringComparer.Ordinal));

    /// <summary>By secret, those that wait for their change notice.</summary>
    public IReadOnlyDictionary<string, ScheduleHold> Changes { get; init; } = new Dictionary<string, ScheduleHold>(StringComparer.Ordinal);

    /// <summary>The schedule with what keeps it back.</summary>
    public SecretSchedule On(Policy policy, SecretSchedule schedule) =>
        schedule with { HeldBy = Of(policy), Paused = PauseOf(policy) };

    /// <summary>What people have paused of it: the pause that ends last.</summary>
    public SchedulePause? PauseOf(Policy policy) => pauses.Where(pause => pause.Scope.Covers(policy.Name, policy.Tags))
        .MaxBy(pause => pause.Until) is { } last ? new SchedulePause(last.Until, last.Reason, last.By) : null;

    /// <summary>Null where nothing else comes first.</summary>
    public ScheduleHold? Of(Policy policy) => ByPreceding(policy) ?? ByGroup(policy) ?? Changes.GetValueOrDefault(policy.Name);

    private ScheduleHold? ByPreceding(Policy policy)
    {
        if (policy.After is not { } after)
        {
            return null;
        }

        var self = secrets.GetValueOrDefault(policy.Name);
        var first = secrets.GetValueOrDefault(after.Secret);
        if (first?.LastRotatedAt is not { } rotated || rotated < (self?.LastRotatedAt ?? self?.AdoptedAt))
        {
            var how = first?.ActiveRotationId is { } id ? $" ({id} is under way)" : "";
            return new ScheduleHold($"{after.Secret} has to rotate first{how}", null);
        }

        var soaked = rotated + after.Soak;
        return soaked > now
            ? new ScheduleHold($"{after.Secret} rotated at {Show(rotated)} and is watched until {Show(soaked)}", soaked)
            : null;
    }

    private ScheduleHold? ByGroup(Policy policy)
    {
        if (policy.Group is not { } group)
        {
            return null;
        }

        var others = _members.Value[group.Name].Where(other => other.Name != policy.Name).ToList();
        var open = others.Select(other => secrets.GetValueOrDefault(other.Name)?.ActiveRotationId).OfType<string>().ToList();
        if (open.Count >= group.AtOnce)
        {
            return new ScheduleHold(
                $"its group {group.Name} rotates {group.AtOnce} at once, and {string.Join(", ", open.Take(3))} "
                    + $"{(open.Count == 1 ? "is" : "are")} under way",
                null);
        }

        var earlier = others.Where(other => IsBefore(group, other, policy) && IsDue(other)).Take(group.AtOnce - open.Count).ToList();
        return earlier.Count > 0 && open.Count + earlier.Count >= group.AtOnce
            ? new ScheduleHold($"{earlier[0].Name} of its group {group.Name} goes first", null)
            : null;
    }

    private bool IsDue(Policy other) =>
        RotationSchedule.Decide(
            other,
            Schedules.Of(secrets.GetValueOrDefault(other.Name), null) with
            {
                HeldBy = ByPreceding(other) ?? Changes.GetValueOrDefault(other.Name), Paused = PauseOf(other),
            },
            now).Rotate;

    private static bool IsBefore(RotationGroup group, Policy other, Policy policy) => Place(group, other) < Place(group, policy);

    /// <summary>What the order does not name comes behind all that it names.</summary>
    private static int Place(RotationGroup group, Policy policy)
    {
        for (var place = 0; place < group.Order.Count; place++)
        {
            if (group.Order[place] == policy.Name)
            {
                return place;
            }
        }

        return int.MaxValue;
    }

    private static string Show(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM-dd HH:mm} UTC";
}
