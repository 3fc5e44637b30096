using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>
/// The doors among a catalog's secrets: one secret's target (or its value in the store) is what a reference of another secret reads, by
/// which Rotunda comes in there. While a door is replaced in place, Rotunda is shut out. Pure.
/// </summary>
public static class Doors
{
    /// <summary>By a secret's name, the other secrets that are doors to its systems and are rotated in place.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> InPlace(
        IReadOnlyDictionary<string, Policy> policies,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
    {
        var places = CatalogPlaces.Of(policies.Values, descriptors);
        return policies.Values
            .Select(policy => (
                policy.Name,
                Doors: Of(policy, policies, places, descriptors).Select(one => one.Door.Split('.')[0]).Distinct(StringComparer.Ordinal)))
            .Where(one => one.Doors.Any())
            .ToDictionary(one => one.Name, one => (IReadOnlyList<string>)[.. one.Doors], StringComparer.Ordinal);
    }

    /// <returns>The part that refers, the reference, and what writes there: "orders-admin.targets.env".</returns>
    internal static IEnumerable<(string Where, SecretReference Reference, string Door)> Of(
        Policy policy,
        IReadOnlyDictionary<string, Policy> policies,
        IReadOnlyList<CatalogPlace> places,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
    {
        var parts = policy.Targets.Select(target => ("targets", target.Provider))
            .Concat(policy.Consumers.Select(consumer => ("consumers", consumer.Provider)))
            .Prepend(("provider", policy.Provider));
        return parts.SelectMany(part => CatalogPlaces.ReferencesOf(part.Item2, descriptors)
            .Select(reference => (part.Item1, reference, DoorOf(reference, policy, policies, places)))
            .Where(found => found.Item3 is not null)
            .Select(found => (found.Item1, found.reference, found.Item3!)));
    }

    private static string? DoorOf(
        SecretReference reference,
        Policy policy,
        IReadOnlyDictionary<string, Policy> policies,
        IReadOnlyList<CatalogPlace> places)
    {
        bool IsDoor(string name) => name != policy.Name && policies.GetValueOrDefault(name)?.Strategy == Strategy.InPlace;
        return reference.Scheme == SecretReference.Store && IsDoor(reference.Name) ? $"{reference.Name}.store"
            : places.FirstOrDefault(place => place.IsReadBy(reference) && IsDoor(place.Secret)) is { } door
                ? $"{door.Secret}.targets.{door.Target}"
                : null;
    }
}
