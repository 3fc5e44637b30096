namespace Rotunda.Yaml;

/// <summary>What a node is.</summary>
public enum YamlNodeKind
{
    Scalar,
    Map,
    List,
}

/// <summary>One node of the YAML text, with its position. A map keeps duplicate keys, so that all can be reported.</summary>
public sealed class YamlNode(YamlNodeKind kind, int line, int column)
{
    public YamlNodeKind Kind => kind;

    /// <summary>1-based.</summary>
    public int Line => line;

    /// <summary>1-based.</summary>
    public int Column => column;

    public string Text { get; init; } = "";

    /// <summary>True for a scalar without quotes: only such a one can be a number, a boolean or nothing.</summary>
    public bool Plain { get; init; }

    public IReadOnlyList<KeyValuePair<YamlNode, YamlNode>> Entries { get; init; } = [];

    public IReadOnlyList<YamlNode> Items { get; init; } = [];

    /// <summary>How many nodes there are in it, aliases counted as often as they are used.</summary>
    public int Size { get; init; } = 1;

    public bool IsNothing => Kind == YamlNodeKind.Scalar && Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    public string Described => Kind switch
    {
        YamlNodeKind.Map => "a map",
        YamlNodeKind.List => "a list",
        _ => IsNothing ? "nothing" : "a single value",
    };
}
