using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads the stores that the catalog defines beside those that come with the head.</summary>
internal static class StoresReader
{
    public static Dictionary<string, ProviderBinding> Read(CatalogMap root, BindingReader bindings, HeadStores head)
    {
        var stores = new Dictionary<string, ProviderBinding>(StringComparer.Ordinal);
        var map = root.Map("stores", known: null);
        foreach (var key in map?.Keys ?? [])
        {
            bindings.CheckName(key, "A store's name");
            if (head.Names.Contains(key.Text, StringComparer.Ordinal) || key.Text == PolicyDefaults.EmbeddedStore)
            {
                map!.Problem(key.Text, "is the name of the store that comes with Rotunda. Choose another.");
            }
            // A bad store keeps its name, so that the secrets in it are not blamed too.
            var (binding, _) = bindings.Read(map!, key.Text, CatalogWords.Store, d => d.CanBeStore, "keep values (a store)");
            stores[key.Text] = binding ?? new ProviderBinding("", new JsonObject());
        }
        return stores;
    }
}
