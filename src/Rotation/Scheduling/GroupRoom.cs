using Rotunda.Rotation.Catalog;

namespace Rotunda.Rotation.Scheduling;

/// <summary>How much room a group has for another rotation: what counts is under way, whatever of the group started it and why.</summary>
public static class GroupRoom
{
    private const int MostNamed = 3;

    /// <summary>Why no other one of the group may start, half a sentence for people; null if one may.</summary>
    /// <param name="open">The ids of what is under way of the others of the group.</param>
    public static string? WhyFull(RotationGroup group, IReadOnlyList<string> open) => open.Count < group.AtOnce
        ? null
        : $"its group {group.Name} rotates {group.AtOnce} at once, and {string.Join(", ", open.Take(MostNamed))} "
            + $"{(open.Count == 1 ? "is" : "are")} under way";

    /// <summary>Its place in the group's order; what the order does not name comes behind all that it names.</summary>
    public static int PlaceOf(RotationGroup group, string secret)
    {
        for (var place = 0; place < group.Order.Count; place++)
        {
            if (group.Order[place] == secret)
            {
                return place;
            }
        }

        return int.MaxValue;
    }
}
