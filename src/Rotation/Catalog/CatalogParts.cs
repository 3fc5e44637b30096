namespace Rotunda.Rotation.Catalog;

/// <summary>What was read of each included file: given to the next reading, so that it reads only what has changed.</summary>
public sealed class CatalogParts
{
    private readonly Dictionary<string, CatalogPart> _byName;

    internal CatalogParts(IEnumerable<CatalogPart> parts) =>
        _byName = parts.ToDictionary(part => part.Name, StringComparer.Ordinal);

    /// <summary>What was read of the very same bytes, with the same in the catalog's own file to go by; null if there is none.</summary>
    internal CatalogPart? Find(string name, CatalogFile file, CatalogContext context) =>
        _byName.TryGetValue(name, out var part) && part.Hash == file.Hash && part.Context.IsSame(context) ? part : null;
}

/// <summary>One included file, read and validated by itself.</summary>
/// <param name="Name">As problems name it.</param>
/// <param name="IsWhole">False where its text could not be read to the end, so that nobody knows which secrets are in it.</param>
internal sealed record CatalogPart(
    string Name,
    string Hash,
    CatalogContext Context,
    FileSecrets Secrets,
    IReadOnlyList<CatalogProblem> Problems,
    IReadOnlyList<CatalogProblem> Warnings,
    bool IsWhole);
