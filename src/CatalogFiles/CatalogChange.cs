using System.Collections.ObjectModel;
using System.Text.Json;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.CatalogFiles;

/// <summary>What is different between two catalogs.</summary>
public static class CatalogChange
{
    private const int MostNames = 20;

    /// <param name="before">Null for the first.</param>
    public static string InWords(RotationCatalog? before, RotationCatalog now)
    {
        if (before is null)
        {
            return "the first one";
        }

        var (old, young) = (before.Policies, now.Policies);
        var came = young.Keys.Where(name => !old.ContainsKey(name)).ToList();
        // A secret that keeps its life under another name neither came nor went.
        var renamed = came.Select(name => young[name])
            .Where(policy => policy.Was is { } was && old.ContainsKey(was) && !young.ContainsKey(was))
            .ToDictionary(policy => policy.Name, policy => policy.Was!, StringComparer.Ordinal);
        var went = old.Keys.Where(name => !young.ContainsKey(name)).Except(renamed.Values, StringComparer.Ordinal);
        var (oldStores, youngStores) = (StoresOf(before), StoresOf(now));
        string[] parts =
        [
            Part("added", came.Except(renamed.Keys, StringComparer.Ordinal).Concat(NamesOf(youngStores.Keys.Except(oldStores.Keys)))),
            Part("renamed", renamed.Select(one => $"{one.Value} to {one.Key}")),
            Part("changed", Changed(old, young).Concat(NamesOf(Changed(oldStores, youngStores)))),
            Part("removed", went.Concat(NamesOf(oldStores.Keys.Except(youngStores.Keys)))),
        ];
        var told = string.Join("; ", parts.Where(part => part.Length > 0));
        return told.Length > 0 ? told : before.Hash == now.Hash ? "nothing has changed" : "its secrets have not changed";
    }

    private static string Part(string what, IEnumerable<string> names)
    {
        var all = names.Order(StringComparer.Ordinal).ToList();
        var more = all.Count > MostNames ? $" and {all.Count - MostNames} more" : "";
        return all.Count == 0 ? "" : $"{what}: {string.Join(", ", all.Take(MostNames))}{more}";
    }

    /// <summary>What is the very same object was read from a file that has not changed; only the rest is compared, as text: there are
    /// only references in it.</summary>
    private static IEnumerable<string> Changed<T>(IReadOnlyDictionary<string, T> old, IReadOnlyDictionary<string, T> young)
        where T : class =>
        from one in young
        let before = old.GetValueOrDefault(one.Key)
        where before is not null && !ReferenceEquals(before, one.Value)
            && JsonSerializer.Serialize(before) != JsonSerializer.Serialize(one.Value)
        select one.Key;

    private static IReadOnlyDictionary<string, ProviderBinding> StoresOf(RotationCatalog catalog) =>
        catalog.Stores ?? ReadOnlyDictionary<string, ProviderBinding>.Empty;

    private static IEnumerable<string> NamesOf(IEnumerable<string> stores) => stores.Select(name => $"store {name}");
}
