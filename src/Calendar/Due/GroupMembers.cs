using Rotunda.Rotation.Catalog;

namespace Rotunda.Calendar.Due;

/// <summary>Who is in which group of a catalog, looked up once.</summary>
public sealed class GroupMembers(RotationCatalog? catalog)
{
    private readonly Lazy<ILookup<string, Policy>> _members = new(() =>
        (catalog?.Policies.Values ?? []).Where(policy => policy.Group is not null)
            .ToLookup(policy => policy.Group!.Name, StringComparer.Ordinal));

    /// <summary>In the catalog's order.</summary>
    public IEnumerable<Policy> Of(string group) => _members.Value[group];
}
