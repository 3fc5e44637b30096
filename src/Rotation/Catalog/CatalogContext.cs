using System.Security.Cryptography;
using System.Text;
using Rotunda.Rotation.Words;
using Rotunda.Yaml;

namespace Rotunda.Rotation.Catalog;

/// <summary>What the secrets of every file go by: what the catalog's own file says for all of them, and what the head has.</summary>
internal sealed class CatalogContext
{
    private static readonly string[] s_keys = ["stores", "groups", "teams", "defaults"];

    private readonly string _digest;

    private CatalogContext(string digest) => _digest = digest;

    public required string Folder { get; init; }

    public required HeadStores Head { get; init; }

    public required IReadOnlyDictionary<string, ProviderDescriptor> Descriptors { get; init; }

    public required IReadOnlyDictionary<string, RotationGroup> Groups { get; init; }

    /// <summary>Those that the catalog defines.</summary>
    public required IReadOnlyDictionary<string, ProviderBinding> Stores { get; init; }

    public required PolicyDefaults Defaults { get; init; }

    /// <summary>The names of all stores, also of those of the head.</summary>
    public IReadOnlyList<string> StoreNames => field ??= [.. Stores.Keys, .. Head.Names];

    public static CatalogContext Read(
        CatalogMap root,
        string folder,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        HeadStores head,
        BindingReader bindings)
    {
        var stores = StoresReader.Read(root, bindings, head);
        return new CatalogContext(DigestOf(root, folder, head))
        {
            Folder = folder,
            Head = head,
            Descriptors = descriptors,
            Stores = stores,
            Groups = ScheduleParts.Groups(root),
            Defaults = PolicyDefaults.Read(root, stores.Keys, head, folder),
        };
    }

    /// <summary>True if a secret that was read by the other one would be read alike by this one.</summary>
    public bool IsSame(CatalogContext other) => _digest == other._digest && ReferenceEquals(Descriptors, other.Descriptors);

    private static string DigestOf(CatalogMap root, string folder, HeadStores head)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes($"{text.Length}:{text}"));
        void AddNode(YamlNode node)
        {
            Add($"{node.Kind}{node.Plain}{node.Items.Count}.{node.Entries.Count}");
            Add(node.Text);
            foreach (var child in node.Items.Concat(node.Entries.SelectMany(entry => new[] { entry.Key, entry.Value })))
            {
                AddNode(child);
            }
        }

        Add(folder);
        Add($"{head.Default}|{string.Join('|', head.Names)}");
        foreach (var key in s_keys)
        {
            Add(key);
            if (root.Value(key) is { } node)
            {
                AddNode(node);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
