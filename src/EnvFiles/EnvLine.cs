using System.Text.RegularExpressions;

namespace Rotunda.EnvFiles;

/// <summary>One assignment as it stands in a file, without the end of its last line.</summary>
/// <param name="Head">Up to and with the equals sign.</param>
/// <param name="Rest">What stands behind it: the value, and a comment perhaps.</param>
internal sealed partial record EnvLine(string Head, string Rest)
{
    public string Raw => Head + Rest;

    public bool IsExported => Head.Contains("export ", StringComparison.Ordinal);

    /// <summary>Null if not every reader finds the name.</summary>
    public static EnvLine? Of(string raw) => AgreedHead().Match(raw) is { Success: true, Length: var length }
        ? new(raw[..length], raw[length..])
        : null;

    /// <summary>Whether only blanks and a comment stand there.</summary>
    public static bool IsTail(ReadOnlySpan<char> rest) => QuotedTail().IsMatch(rest);

    [GeneratedRegex(
        @"^[ \t]*(?:export )?[ ]*[A-Za-z_][A-Za-z0-9_]*=",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex AgreedHead();

    [GeneratedRegex(@"^(?:[ \t]+#[^\n]*|[ \t]*)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex QuotedTail();
}
