using System.Collections.ObjectModel;
using System.Text.Json;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Head;

/// <summary>What is different between two catalogs.</summary>
internal static class CatalogChange
{
    private const int MostNames = 20;

    /// <param name="before">Null for the first.</param>
    public static string InWords(RotationCatalog? before, RotationCatalog now)
    {
        if (before is null)
        {
            return "the first one";
        }

        var (old, young) = (Texts(before), Texts(now));
        // A secret that keeps its life under another name neither came nor went.
        var renamed = now.Policies.Values
            .Where(policy => policy.Was is { } was && old.ContainsKey(was) && !old.ContainsKey(policy.Name) && !young.ContainsKey(was))
            .ToDictionary(policy => policy.Name, policy => policy.Was!, StringComparer.Ordinal);
        string[] parts =
        [
            Part("added", young.Keys.Except(old.Keys, StringComparer.Ordinal).Except(renamed.Keys, StringComparer.Ordinal)),
            Part("renamed", renamed.Select(one => $"{one.Value} to {one.Key}")),
            Part("changed", young.Keys.Where(name => old.TryGetValue(name, out var text) && text != young[name])),
            Part("removed", old.Keys.Except(young.Keys, StringComparer.Ordinal).Except(renamed.Values, StringComparer.Ordinal)),
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

    /// <summary>Secrets and stores by name, each as a text: there are only references in them.</summary>
    private static Dictionary<string, string> Texts(RotationCatalog catalog) =>
        catalog.Policies.Select(one => (one.Key, Text: JsonSerializer.Serialize(one.Value)))
            .Concat((catalog.Stores ?? ReadOnlyDictionary<string, ProviderBinding>.Empty).Select(
                one => (Key: $"store {one.Key}", Text: JsonSerializer.Serialize(one.Value))))
            .ToDictionary(one => one.Key, one => one.Text, StringComparer.Ordinal);
}
