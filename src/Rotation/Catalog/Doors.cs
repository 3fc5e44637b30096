using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>
/// The doors among a catalog's secrets: one secret's target (or its value in the store) is what a reference of another secret reads, by
/// which Rotunda comes in there. While a door is replaced in place, Rotunda is shut out. Pure.
/// </summary>
public sealed class Doors
{
    private readonly HashSet<string> _inPlace;
    private readonly ILookup<string, CatalogPlace> _byFile;
    private readonly IReadOnlyDictionary<string, ProviderDescriptor> _descriptors;

    internal Doors(
        IReadOnlyDictionary<string, Policy> policies,
        IReadOnlyList<CatalogPlace> places,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
    {
        _descriptors = descriptors;
        _inPlace = policies.Values.Where(policy => policy.Strategy == Strategy.InPlace).Select(policy => policy.Name)
            .ToHashSet(StringComparer.Ordinal);
        _byFile = places.Where(place => place.File is not null && _inPlace.Contains(place.Secret))
            .ToLookup(place => place.File!, StringComparer.Ordinal);
    }

    /// <summary>True where nothing is rotated in place, so that nothing is a door.</summary>
    internal bool IsNone => _inPlace.Count == 0;

    /// <summary>By a secret's name, the other secrets that are doors to its systems and are rotated in place.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> InPlace(
        IReadOnlyDictionary<string, Policy> policies,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
    {
        if (policies.Values.All(policy => policy.Strategy != Strategy.InPlace))
        {
            return new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        }
        var doors = new Doors(policies, CatalogPlaces.Of(policies.Values, descriptors), descriptors);
        return policies.Values
            .Select(policy => (
                policy.Name,
                Doors: doors.Of(policy).Select(one => one.Door.Split('.')[0]).Distinct(StringComparer.Ordinal)))
            .Where(one => one.Doors.Any())
            .ToDictionary(one => one.Name, one => (IReadOnlyList<string>)[.. one.Doors], StringComparer.Ordinal);
    }

    /// <returns>The part that refers, the reference, and what writes there: "orders-admin.targets.env".</returns>
    internal IEnumerable<(string Where, SecretReference Reference, string Door)> Of(Policy policy)
    {
        var parts = policy.Targets.Select(target => ("targets", target.Provider))
            .Concat(policy.Consumers.Select(consumer => ("consumers", consumer.Provider)))
            .Prepend(("provider", policy.Provider));
        return parts.SelectMany(part => CatalogPlaces.ReferencesOf(part.Item2, _descriptors)
            .Select(reference => (part.Item1, reference, DoorOf(reference, policy)))
            .Where(found => found.Item3 is not null)
            .Select(found => (found.Item1, found.reference, found.Item3!)));
    }

    /// <summary>The references of a secret in place that lead to what a target of its own writes, each with that target.</summary>
    internal IEnumerable<(SecretReference Reference, string Target)> OwnOf(Policy policy) =>
        from reference in policy.Strategy == Strategy.InPlace ? CatalogPlaces.ReferencesOf(policy.Provider, _descriptors) : []
        where reference.Scheme == SecretReference.File
        let door = _byFile[reference.Name].FirstOrDefault(place => place.Secret == policy.Name && place.IsReadBy(reference))
        where door is not null
        select (reference, door.Target);

    private string? DoorOf(SecretReference reference, Policy policy)
    {
        bool IsDoor(string name) => name != policy.Name && _inPlace.Contains(name);
        return reference.Scheme == SecretReference.Store && IsDoor(reference.Name) ? $"{reference.Name}.store"
            : reference.Scheme == SecretReference.File
                && _byFile[reference.Name].FirstOrDefault(place => place.IsReadBy(reference) && IsDoor(place.Secret)) is { } door
                ? $"{door.Secret}.targets.{door.Target}"
                : null;
    }
}
