using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>What secrets must be to each other: no two write the same place, and none rotates the door by which Rotunda comes in
/// without another one.</summary>
internal static class CatalogRules
{
    /// <param name="maps">The secrets' own maps, by name.</param>
    public static void Check(
        IReadOnlyDictionary<string, Policy> policies,
        IReadOnlyDictionary<string, CatalogMap> maps,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        CatalogProblems problems)
    {
        var places = CatalogPlaces.Of(policies.Values, descriptors);
        CheckPlaces(places, maps);
        CheckDoors(policies, places, maps, descriptors, problems);
        ScheduleRules.CheckOrders(policies, maps);
    }

    private static void CheckPlaces(IReadOnlyList<CatalogPlace> places, IReadOnlyDictionary<string, CatalogMap> maps)
    {
        foreach (var same in places.GroupBy(place => place.Where, StringComparer.Ordinal))
        {
            var seen = new List<CatalogPlace>();
            foreach (var place in same)
            {
                if (seen.Find(one => one.Key == place.Key || one.IsWhole || place.IsWhole) is { } first)
                {
                    maps[place.Secret].Map("targets", known: null)?.Problem(
                        place.Target,
                        $"writes {place.Described}, which {first.Secret}.targets.{first.Target} writes too: each would undo the other. "
                            + "Give each its own place.");
                }
                seen.Add(place);
            }
        }
    }

    /// <summary>What a secret's targets write may be what a reference of Rotunda's own reads.</summary>
    private static void CheckDoors(
        IReadOnlyDictionary<string, Policy> policies,
        IReadOnlyList<CatalogPlace> places,
        IReadOnlyDictionary<string, CatalogMap> maps,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        CatalogProblems problems)
    {
        foreach (var policy in policies.Values)
        {
            foreach (var reference in CatalogPlaces.ReferencesOf(policy.Provider, descriptors))
            {
                if (policy.Strategy == Strategy.InPlace
                    && places.FirstOrDefault(place => place.Secret == policy.Name && place.IsReadBy(reference)) is { } door)
                {
                    maps[policy.Name].Problem(
                        "provider",
                        $"its reference {reference} leads to what its own target {door.Target} writes: the credential by which Rotunda "
                            + "comes in would end while it is replaced, and with it the way back. Give Rotunda a login of its own, or "
                            + "take a strategy that keeps two.");
                }
            }

            foreach (var (where, reference, door) in Doors.Of(policy, policies, places, descriptors))
            {
                problems.Warn(
                    maps[policy.Name].Where(where),
                    $"{policy.Name}.{where}: {reference} leads to what {door} writes in place: while that one rotates, Rotunda cannot come "
                        + "in here. The two are never started side by side, unless by an emergency.");
            }
        }
    }
}
