using System.Security.Cryptography;
using System.Text;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads and validates the catalog. Pure: the texts come in, and every problem of all of them comes out at once.</summary>
public static class CatalogReader
{
    /// <summary>A catalog's own file alone. Of what it includes nothing is known, so nothing is asked of it.</summary>
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
        HeadStores? head = null) => Read(new CatalogSource(yamlText, fileName, folder), descriptors, head);

    /// <summary>A catalog with the files that it includes.</summary>
    /// <param name="before">What was read last; files that have not changed since are not read again.</param>
    /// <exception cref="ArgumentException">The folder is not absolute.</exception>
    public static CatalogResult Read(
        CatalogSource source,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        HeadStores? head = null,
        CatalogParts? before = null)
    {
        if (!Path.IsPathFullyQualified(source.Folder))
        {
            throw new ArgumentException("The catalog's folder must be an absolute path.", nameof(source));
        }
        var problems = new CatalogProblems(source.Name);
        var root = CatalogTree.Load(source.Text, problems);
        return root is not null && CatalogMap.Read(root, root, "", problems, CatalogWords.Root) is { } map
            ? ReadRoot(map, source, descriptors, head ?? HeadStores.Embedded, before, problems)
            : new CatalogResult(null, problems.InOrder()) { Parts = before };
    }

    /// <summary>What the text includes, for whoever brings the files; nothing where it cannot be read, as reading it says why.</summary>
    public static IReadOnlyList<IncludePattern> Includes(string yamlText) => IncludeReader.Find(yamlText, "");

    private static CatalogResult ReadRoot(
        CatalogMap root,
        CatalogSource source,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        HeadStores head,
        CatalogParts? before,
        CatalogProblems problems)
    {
        root.Integer("version", 1, 1, required: true);
        IncludeReader.Read(root, problems);
        var bindings = new BindingReader(source.Folder, descriptors, problems);
        var context = CatalogContext.Read(root, source.Folder, descriptors, head, bindings);
        var own = SecretsReader.Read(root, source.Name, context, context.Defaults, bindings, !root.Has("include"), problems);
        var parts = ReadParts(source, context, before);
        foreach (var problem in source.Troubles.Concat(parts.SelectMany(part => part.Problems)))
        {
            problems.Add(problem);
        }
        foreach (var warning in parts.SelectMany(part => part.Warnings))
        {
            problems.Warn(warning);
        }

        var isWhole = source.Troubles.Count == 0 && root.IsGood("include") && parts.All(part => part.IsWhole);
        var all = new WholeCatalog([own, .. parts.Select(part => part.Secrets)], descriptors, isWhole, problems);
        all.Check();
        var notices = NoticesReader.Read(root, bindings, all.Policies);
        EscalationReader.Check(notices, all, problems);
        var seeOwn = root.Choice("readersSee", CatalogWords.ReadersSee) ?? false;
        var leaks = LeaksReader.Read(root, source.Folder);

        string[] files = [source.Name, .. parts.Select(part => part.Name)];
        var warnings = problems.WarningsInOrder(files);
        var catalog = problems.Count > 0 ? null : new RotationCatalog(
            all.Policies, HashOf(root, source, parts), source.Folder, context.Stores)
        {
            Head = head,
            ReadersSeeOwn = seeOwn,
            Notices = notices,
            Leaks = leaks,
            Warnings = [.. warnings.Select(warning => warning.ToString())],
            Files =
            [
                new CatalogFileInForce(source.Name, HashOf(source.Text), own.Policies),
                .. parts.Select(part => new CatalogFileInForce(part.Name, part.Hash, part.Secrets.Policies)),
            ],
        };
        return new CatalogResult(catalog, problems.InOrder(files)) { Warnings = warnings, Parts = new CatalogParts(parts) };
    }

    /// <summary>Side by side: what one file says does not depend on another.</summary>
    private static List<CatalogPart> ReadParts(CatalogSource source, CatalogContext context, CatalogParts? before) =>
        [
            .. source.Included.AsParallel().AsOrdered().Select(file =>
            {
                var name = CatalogSource.NameOf(source.Name, file.Name);
                return before?.Find(name, file, context) ?? SecretsReader.ReadIncluded(file, name, context);
            }),
        ];

    /// <summary>Of the text alone where it includes nothing, else of all files and their names.</summary>
    private static string HashOf(CatalogMap root, CatalogSource source, List<CatalogPart> parts) => !root.Has("include")
        ? HashOf(source.Text)
        : HashOf(string.Join('\n', source.Included.Zip(parts, (file, part) => $"{part.Hash} {file.Name}").Prepend(HashOf(source.Text))));

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
