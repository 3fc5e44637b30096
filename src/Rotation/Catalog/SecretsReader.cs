using Rotunda.Yaml;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads the secrets of one file.</summary>
internal static class SecretsReader
{
    /// <summary>No file's hash: what was not read is not kept.</summary>
    private const string Unread = "";

    /// <summary>Those that an included file says, by what the catalog's own file says for all.</summary>
    /// <param name="name">As problems name the file.</param>
    public static CatalogPart ReadIncluded(CatalogFile file, string name, CatalogContext context)
    {
        var problems = new CatalogProblems(name);
        if (file.ReadText() is not { } text)
        {
            problems.Add(1, 1, "it changes while it is read. It is read again soon.");
            return new CatalogPart(name, Unread, context, new FileSecrets(name), problems.InOrder(), [], IsWhole: false);
        }

        var root = CatalogTree.Load(text, problems, "The file is empty. Start with \"secrets:\", or remove it.");
        var map = root is null ? null : CatalogMap.Read(root, root, "", problems, CatalogWords.Root);
        return new CatalogPart(
            name,
            file.Hash,
            context,
            map is null ? new FileSecrets(name) : ReadIncluded(map, name, context, problems),
            problems.InOrder(),
            problems.WarningsInOrder(),
            IsWhole: map?.Value("secrets") is { Kind: YamlNodeKind.Map });
    }

    /// <param name="isRequired">Whether the file has to say which secrets there are.</param>
    public static FileSecrets Read(
        CatalogMap root,
        string file,
        CatalogContext context,
        PolicyDefaults defaults,
        BindingReader bindings,
        bool isRequired,
        CatalogProblems problems)
    {
        var reader = new PolicyReader(defaults, context.Folder, context.StoreNames, context.Groups, bindings, problems);
        var (found, places) = (new FileSecrets(file), new CatalogPlaces(context.Descriptors));
        var secrets = root.Map("secrets", known: null, required: isRequired);
        foreach (var key in secrets?.Keys ?? [])
        {
            if (reader.Read(key, secrets!.Value(key.Text)!) is var (policy, own))
            {
                found.Touches.Add(found.Policies.Count, policy, places);
                found.Add(reader.InShort(policy), own);
            }
        }
        found.Close();
        return found;
    }

    private static FileSecrets ReadIncluded(
        CatalogMap root, string name, CatalogContext context, CatalogProblems problems)
    {
        root.Integer("version", 1, 1);
        foreach (var key in root.Keys.Where(key => CatalogWords.Root.Except(CatalogWords.Included).Contains(key.Text)))
        {
            root.Problem(key.Text, key.Text == "include"
                ? "an included file includes no others. Name them in the catalog's own file, and remove this."
                : "stands in the catalog's own file only, and holds for all files. Move it there.");
        }
        var bindings = new BindingReader(context.Folder, context.Descriptors, problems);
        var defaults = context.Defaults.Over(root, context.StoreNames, context.Folder);
        return Read(root, name, context, defaults, bindings, isRequired: true, problems);
    }
}
