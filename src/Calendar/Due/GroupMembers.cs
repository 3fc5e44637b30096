using System.Runtime.CompilerServices;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Calendar.Due;

/// <summary>Who is in which group of a catalog, looked up once.</summary>
public sealed class GroupMembers(RotationCatalog? catalog)
{
    private static readonly ConditionalWeakTable<RotationCatalog, GroupMembers> Known = [];

    private readonly Lazy<ILookup<string, Policy>> _members = new(() =>
        (catalog?.Policies.Values ?? []).Where(policy => policy.Group is not null)
            .ToLookup(policy => policy.Group!.Name, StringComparer.Ordinal));

    /// <summary>The secret, if it is in the group.</summary>
    internal Policy? Find(string group, string secret) =>
        catalog?.Policies.GetValueOrDefault(secret) is { } policy && policy.Group?.Name == group ? policy : null;

    /// <summary>Those of a catalog, looked up once for as long as it is in force, and not for each who asks.</summary>
    public static GroupMembers Of(RotationCatalog? catalog) =>
        catalog is null ? new GroupMembers(null) : Known.GetValue(catalog, one => new GroupMembers(one));

    /// <summary>In the catalog's order.</summary>
    public IEnumerable<Policy> Of(string group) => _members.Value[group];
}
