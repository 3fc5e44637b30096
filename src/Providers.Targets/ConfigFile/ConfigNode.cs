namespace Rotunda.Providers.Targets.ConfigFile;

internal enum ConfigKind
{
    Scalar,
    Map,
    List,
}

/// <summary>A value in the text of a configuration file, and where it stands there.</summary>
/// <param name="Start">Of what is written over, quotes included.</param>
/// <param name="End">Behind it.</param>
internal sealed record ConfigNode(ConfigKind Kind, int Start, int End)
{
    /// <summary>Of a scalar: as a reader of the language reads it. Null for what is no text there (a number, a date).</summary>
    public string? Text { get; init; }

    /// <summary>Of a scalar: how it is written, by its first character; a blank for one without quotes.</summary>
    public char Style { get; init; } = ' ';

    /// <summary>Why no text may be written over it; null if one may.</summary>
    public string? Fixed { get; init; }

    /// <summary>A map between braces.</summary>
    public bool IsInline { get; init; }

    /// <summary>Of a map whose keys stand in lines: where a new line for a key goes; null where none can.</summary>
    public int? LinesAt { get; set; }

    public List<ConfigEntry> Entries { get; } = [];

    public List<ConfigNode> Items { get; } = [];
}

/// <param name="Start">Where its key begins.</param>
internal sealed record ConfigEntry(string Name, int Start, ConfigNode Node);
