using System.Text.RegularExpressions;

namespace Rotunda.Rotation.Words;

/// <summary>What a value that a person gives has to look like. It catches what was copied wrongly; whether the value works, only its
/// system can tell.</summary>
/// <param name="Prefix">What it begins with.</param>
/// <param name="Pattern">A regular expression for the whole value.</param>
/// <param name="LineEnds">It may have several lines (a private key).</param>
public sealed record ValueShape(
    string? Prefix = null,
    string? Pattern = null,
    int MinLength = ValueShape.Shortest,
    int MaxLength = ValueShape.Longest,
    bool LineEnds = false)
{
    public const int Shortest = 8;
    public const int Longest = 16 * 1024;

    public static ValueShape Any { get; } = new();

    /// <summary>Why the value cannot be the one that is asked for; null if it can. The value is never in the answer.</summary>
    public string? Problem(SecretValue value)
    {
        var text = value.RevealText();
        return text.Length == 0 ? "it is empty"
            : text.Contains('\0', StringComparison.Ordinal) || text.Contains('\uFFFD', StringComparison.Ordinal) ? "it is no text"
            : !LineEnds && text.AsSpan().IndexOfAny('\r', '\n') >= 0
                ? "it has more than one line. Give the value alone, without what stands around it"
            : !LineEnds && (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])) ? "it begins or ends with a blank"
            : Prefix is { } prefix && !text.StartsWith(prefix, StringComparison.Ordinal)
                ? $"it does not begin with \"{prefix}\""
            : text.Length < MinLength ? $"it is shorter than {MinLength} characters"
            : text.Length > MaxLength ? $"it is longer than {MaxLength} characters"
            : Pattern is { } pattern && !IsMatch(pattern, text) ? $"it does not look like {pattern}"
            : null;
    }

    /// <summary>Null if the pattern can be used; else why not.</summary>
    public static string? ProblemOf(string pattern)
    {
        try
        {
            _ = Compile(pattern);
            return null;
        }
        catch (Exception problem) when (problem is ArgumentException or NotSupportedException)
        {
            return problem.Message;
        }
    }

    private static bool IsMatch(string pattern, string text) => Compile(pattern).IsMatch(text);

    /// <summary>It takes time in proportion to the value's length, whatever the pattern is.</summary>
    private static Regex Compile(string pattern) =>
        new($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
