namespace Rotunda.Rotation.Catalog;

internal enum CatalogNodeKind
{
    Scalar,
    Map,
    List,
}

/// <summary>One node of the YAML text, with its position. A map keeps duplicate keys, so that all can be reported.</summary>
internal sealed class CatalogNode(CatalogNodeKind kind, int line, int column)
{
    public CatalogNodeKind Kind => kind;

    /// <summary>1-based.</summary>
    public int Line => line;

    /// <summary>1-based.</summary>
    public int Column => column;

    public string Text { get; init; } = "";

    /// <summary>True for a scalar without quotes: only such a one can be a number, a boolean or nothing.</summary>
    public bool Plain { get; init; }

    public IReadOnlyList<KeyValuePair<CatalogNode, CatalogNode>> Entries { get; init; } = [];

    public IReadOnlyList<CatalogNode> Items { get; init; } = [];

    /// <summary>How many nodes there are in it, aliases counted as often as they are used.</summary>
    public int Size { get; init; } = 1;

    public bool IsNothing => Kind == CatalogNodeKind.Scalar && Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    public string Described => Kind switch
    {
        CatalogNodeKind.Map => "a map",
        CatalogNodeKind.List => "a list",
        _ => IsNothing ? "nothing" : "a single value",
    };
}
