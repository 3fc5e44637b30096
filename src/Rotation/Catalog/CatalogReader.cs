using System.Security.Cryptography;
using System.Text;
using Rotunda.Rotation.Credentials;
using Rotunda.Rotation.Planning;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads and validates the catalog. Pure: the text comes in, and every problem comes out at once.</summary>
public static class CatalogReader
{
    /// <param name="fileName">For the problems.</param>
    /// <param name="folder">What relative paths are relative to; absolute.</param>
    /// <param name="descriptors">Every provider there is, by id.</param>
    /// <exception cref="ArgumentException">The folder is not absolute.</exception>
    public static CatalogResult Read(string yamlText, string fileName, string folder, IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
    {
        if (!Path.IsPathFullyQualified(folder))
        {
            throw new ArgumentException("The catalog's folder must be an absolute path.", nameof(folder));
        }
        var problems = new CatalogProblems(fileName);
        var read = CatalogTree.Load(yamlText, problems) is { } root ? ReadRoot(root, folder, descriptors, problems) : null;
        var catalog = problems.Count > 0 || read is not var (policies, stores) ? null : new RotationCatalog(policies, HashOf(yamlText), folder, stores);
        return new CatalogResult(catalog, problems.InOrder());
    }

    private static (Dictionary<string, Policy> Policies, Dictionary<string, ProviderBinding> Stores)? ReadRoot(
        CatalogNode root, string folder, IReadOnlyDictionary<string, ProviderDescriptor> descriptors, CatalogProblems problems)
    {
        if (CatalogMap.Read(root, root, "", problems, CatalogWords.Root) is not { } map)
        {
            return null;
        }
        var policies = new Dictionary<string, Policy>(StringComparer.Ordinal);
        map.Integer("version", 1, 1, required: true);
        var bindings = new BindingReader(folder, descriptors, problems);
        var stores = StoresReader.Read(map, bindings);
        var defaults = PolicyDefaults.Read(map, stores.Keys);
        var secrets = map.Map("secrets", known: null, required: true);
        foreach (var key in secrets?.Keys ?? [])
        {
            var reader = new PolicyReader(defaults, folder, stores.Keys, bindings, problems);
            if (reader.Read(key, secrets!.Value(key.Text)!) is { } policy)
            {
                policies.Add(policy.Name, policy);
            }
        }
        return (policies, stores);
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
