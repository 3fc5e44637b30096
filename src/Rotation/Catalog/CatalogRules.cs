using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>What secrets must be to each other: no two write the same place or set the same account, and none rotates the door by
/// which Rotunda comes in without another one.</summary>
internal static class CatalogRules
{
    /// <param name="near">Those that may be in each other's way: only they are looked at for that.</param>
    public static void Check(
        WholeCatalog all,
        IReadOnlyList<Policy> near,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        CatalogProblems problems)
    {
        var places = CatalogPlaces.Of(near, descriptors);
        CheckPlaces(places, all, problems);
        CheckDoors(all, near, places, descriptors, problems);
        AccountRules.Check(all, near, descriptors, problems);
        OrderRules.Check(all, problems);
    }

    private static void CheckPlaces(IReadOnlyList<CatalogPlace> places, WholeCatalog all, CatalogProblems problems)
    {
        var (once, again) = (new HashSet<string>(places.Count, StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var place in places)
        {
            if (!once.Add(place.Where))
            {
                again.Add(place.Where);
            }
        }
        foreach (var same in places.Where(place => again.Contains(place.Where)).GroupBy(place => place.Where, StringComparer.Ordinal))
        {
            // What was seen first of each key, of any key, and of the whole.
            var seen = new Dictionary<string, (int Turn, CatalogPlace Place)>(StringComparer.Ordinal);
            (int Turn, CatalogPlace Place)? first = null;
            foreach (var (turn, place) in same.Index())
            {
                (int Turn, CatalogPlace Place)?[] against =
                [
                    place.IsWhole ? first : seen.TryGetValue(place.Id, out var key) ? key : null,
                    seen.TryGetValue(CatalogPlace.Whole, out var whole) ? whole : null,
                ];
                if (against.Where(one => one is not null).MinBy(one => one!.Value.Turn) is { } other)
                {
                    problems.Add(
                        all[place.Secret].OfTarget(place.Target),
                        $"{place.Secret}.targets.{place.Target}: writes {place.Described}, which "
                            + $"{other.Place.Secret}.targets.{other.Place.Target} writes too: each would undo the other. "
                            + "Give each its own place.");
                }
                seen.TryAdd(place.Id, (turn, place));
                first ??= (turn, place);
            }
        }
    }

    /// <summary>What a secret's targets write may be what a reference of Rotunda's own reads.</summary>
    private static void CheckDoors(
        WholeCatalog all,
        IReadOnlyList<Policy> near,
        IReadOnlyList<CatalogPlace> places,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        CatalogProblems problems)
    {
        if (near.Count == 0)
        {
            return;
        }
        var doors = new Doors(all.Policies, places, descriptors);
        foreach (var policy in doors.IsNone ? [] : near)
        {
            foreach (var (reference, door) in doors.OwnOf(policy))
            {
                problems.Add(
                    all[policy.Name].Of("provider"),
                    $"{policy.Name}.provider: its reference {reference} leads to what its own target {door} writes: the credential by "
                        + "which Rotunda comes in would end while it is replaced, and with it the way back. Give Rotunda a login of its "
                        + "own, or take a strategy that keeps two.");
            }

            foreach (var (where, reference, door) in doors.Of(policy))
            {
                problems.Warn(
                    all[policy.Name].Of(where),
                    $"{policy.Name}.{where}: {reference} leads to what {door} writes in place: while that one rotates, Rotunda cannot come "
                        + "in here. The two are never started side by side, unless by an emergency.");
            }
        }
    }
}
