using System.Security.Cryptography;
using System.Text;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads and validates the catalog. Pure: the text comes in, and every problem comes out at once.</summary>
public static class CatalogReader
{
    /// <param name="fileName">For the problems.</param>
    /// <param name="folder">What relative paths are relative to; absolute.</param>
    /// <param name="descriptors">Every provider there is, by id.</param>
    /// <param name="head">The stores that come with the head that will run it; null for the server's.</param>
    /// <exception cref="ArgumentException">The folder is not absolute.</exception>
    public static CatalogResult Read(
        string yamlText,
        string fileName,
        string folder,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        HeadStores? head = null)
    {
        head ??= HeadStores.Embedded;
        if (!Path.IsPathFullyQualified(folder))
        {
            throw new ArgumentException("The catalog's folder must be an absolute path.", nameof(folder));
        }
        var problems = new CatalogProblems(fileName);
        var read = CatalogTree.Load(yamlText, problems) is { } root ? ReadRoot(root, folder, descriptors, head, problems) : null;
        var catalog = problems.Count > 0 || read is not var (policies, stores, seeOwn, notices, leaks)
            ? null
            : new RotationCatalog(policies, HashOf(yamlText), folder, stores)
            {
                Head = head,
                ReadersSeeOwn = seeOwn,
                Notices = notices,
                Leaks = leaks,
                Warnings = [.. problems.WarningsInOrder().Select(warning => warning.ToString())],
            };
        return new CatalogResult(catalog, problems.InOrder()) { Warnings = problems.WarningsInOrder() };
    }

    private static (
        Dictionary<string, Policy> Policies,
        Dictionary<string, ProviderBinding> Stores,
        bool SeeOwn,
        NoticePolicy? Notices,
        LeakPolicy? Leaks)? ReadRoot(
        CatalogNode root,
        string folder,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        HeadStores head,
        CatalogProblems problems)
    {
        if (CatalogMap.Read(root, root, "", problems, CatalogWords.Root) is not { } map)
        {
            return null;
        }
        var policies = new Dictionary<string, Policy>(StringComparer.Ordinal);
        map.Integer("version", 1, 1, required: true);
        var bindings = new BindingReader(folder, descriptors, problems);
        var stores = StoresReader.Read(map, bindings, head);
        var groups = ScheduleParts.Groups(map);
        var defaults = PolicyDefaults.Read(map, stores.Keys, head, folder);
        var secrets = map.Map("secrets", known: null, required: true);
        var maps = new Dictionary<string, CatalogMap>(StringComparer.Ordinal);
        foreach (var key in secrets?.Keys ?? [])
        {
            var reader = new PolicyReader(defaults, folder, [.. stores.Keys, .. head.Names], groups, bindings, problems);
            if (reader.Read(key, secrets!.Value(key.Text)!) is var (policy, own))
            {
                policies.Add(policy.Name, policy);
                maps.Add(policy.Name, own);
            }
        }
        foreach (var policy in policies.Values.Where(policy => policy.Was is not null))
        {
            CheckWas(policy, policies, secrets!, problems);
        }
        CatalogRules.Check(policies, maps, descriptors, problems);
        var notices = NoticesReader.Read(map, bindings, policies);
        EscalationReader.Check(map, notices, policies.Values);
        return (
            policies, stores, map.Choice("readersSee", CatalogWords.ReadersSee) ?? false, notices, LeaksReader.Read(map, folder));
    }

    private static void CheckWas(
        Policy policy,
        Dictionary<string, Policy> policies,
        CatalogMap secrets,
        CatalogProblems problems)
    {
        if (policies.ContainsKey(policy.Was!))
        {
            problems.Add(
                secrets.Where(policy.Name),
                $"{policy.Name}.was: the catalog has a secret \"{policy.Was}\" still. A name goes on under one other: remove one of "
                    + "the two.");
        }
        else if (policies.Values.Any(other => other != policy && other.Was == policy.Was))
        {
            problems.Add(
                secrets.Where(policy.Name),
                $"{policy.Name}.was: another secret says that it was \"{policy.Was}\" too. Only one of them can be.");
        }
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
