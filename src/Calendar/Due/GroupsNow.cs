using Rotunda.Rotation.Catalog;

namespace Rotunda.Calendar.Due;

/// <summary>What of each group is under way and what of it is due, looked up once for all of its members: a group may be as large as the
/// catalog. It is for one at a time.</summary>
internal sealed class GroupsNow
{
    private readonly Dictionary<string, List<(string Secret, string Rotation)>> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(int Place, string Secret)>> _due = new(StringComparer.Ordinal);

    /// <summary>What is under way.</summary>
    public List<(string Secret, string Rotation)> OpenOf(RotationGroup group, Func<IEnumerable<(string Secret, string Rotation)>> find) =>
        Of(_open, group.Name, find);

    /// <summary>Those that the group's order names and that are due, in that order, with their places in it.</summary>
    public List<(int Place, string Secret)> DueOf(RotationGroup group, Func<IEnumerable<(int Place, string Secret)>> find) =>
        Of(_due, group.Name, find);

    /// <summary>One of the group has started: what was looked up holds no longer.</summary>
    public void Forget(RotationGroup group)
    {
        _open.Remove(group.Name);
        _due.Remove(group.Name);
    }

    private static List<T> Of<T>(Dictionary<string, List<T>> known, string group, Func<IEnumerable<T>> find) =>
        known.TryGetValue(group, out var all) ? all : known[group] = [.. find()];
}
