namespace Rotunda.Rotation.Words;

/// <summary>A piece of a template: literal text, or a placeholder.</summary>
/// <param name="Literal">Empty for a placeholder.</param>
/// <param name="Name">Null for literal text.</param>
/// <param name="Modifier">The encoding behind the colon; null if there is none.</param>
public sealed record TemplatePart(string Literal, string? Name = null, string? Modifier = null)
{
    /// <summary>The name of {values:join:,}: all values there are.</summary>
    public const string All = "values";

    /// <summary>The name of {(…):base64}: a template within a template, written with one encoding as a whole.</summary>
    public const string Whole = "(…)";

    /// <summary>What {value.member} begins with.</summary>
    public const string MemberOf = "value.";

    private const string Secondary = "secondary";

    /// <summary>Of {values:join:,}: what stands between two values.</summary>
    public string Separator { get; init; } = "";

    /// <summary>{value.member}: the one member of a value that is a JSON object; null for the whole value.</summary>
    public string? Member { get; init; }

    /// <summary>{(…):base64}: what is within; null for everything else.</summary>
    public TemplateText? Inner { get; init; }

    /// <summary>{secondary?}: while there is one value only, it goes together with its separator.</summary>
    public bool IsOptional { get; init; }

    /// <summary>It is about the second value, which is not always there.</summary>
    public bool IsSecondary => Name?.StartsWith(Secondary, StringComparison.Ordinal) == true;

    /// <summary>What it stands for is a value or has one in it, not a name or a fingerprint.</summary>
    public bool IsValue => Name is "value" or "password" or "primary" or Secondary or All || Inner?.HoldsValue == true;
}
