namespace Rotunda.Rotation.Catalog;

/// <summary>Something in the catalog that must be put right. Never holds what was given for a secret setting.</summary>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based.</param>
/// <param name="Message">What is wrong, where, and what to do.</param>
public sealed record CatalogProblem(string File, int Line, int Column, string Message)
{
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}

/// <summary>What came of reading a catalog: the catalog, or everything that is wrong with it.</summary>
/// <param name="Catalog">Null if there is any problem.</param>
/// <param name="Problems">In the order of the files and of their texts.</param>
public sealed record CatalogResult(RotationCatalog? Catalog, IReadOnlyList<CatalogProblem> Problems)
{
    /// <summary>What a person should know, and that does not make it invalid.</summary>
    public IReadOnlyList<CatalogProblem> Warnings { get; init; } = [];

    /// <summary>For the next reading; null if nothing was read yet.</summary>
    public CatalogParts? Parts { get; init; }
}
