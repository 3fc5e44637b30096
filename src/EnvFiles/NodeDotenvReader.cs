using System.Text.RegularExpressions;

namespace Rotunda.EnvFiles;

/// <summary>The npm package dotenv: https://github.com/motdotla/dotenv#what-rules-does-the-parsing-engine-follow</summary>
internal partial class NodeDotenvReader : EnvReader
{
    public override string Name => "Node's dotenv";

    public override EnvReading Read(EnvLine line)
    {
        var raw = line.Raw.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (Line().Match(raw) is not { Success: true, Index: 0 } match || match.Length < raw.Length)
        {
            return EnvReading.Not("Node's dotenv takes only a part of it");
        }
        var value = match.Groups["value"].Value.Trim();
        if (value.Length > 0 && value[0] is ('\'' or '"' or '`') && !Quoted().IsMatch(line.Rest))
        {
            // It looks for the other quote in the lines that follow.
            return EnvReading.Not(EnvReading.Open);
        }
        var isDouble = value.StartsWith('"');
        value = Quotes().Replace(value, "${inner}");
        return EnvReading.Of(isDouble
            ? value.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\r", "\r", StringComparison.Ordinal)
            : value);
    }

    [GeneratedRegex(
        @"^\s*(?:export\s+)?[\w.-]+(?:\s*=\s*?|:\s+?)"
            + @"(?<value>\s*'(?:\\'|[^'])*'|\s*""(?:\\""|[^""])*""|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex Line();

    [GeneratedRegex(
        @"^\s*(?:'(?:\\'|[^'])*(?<!\\)'|""(?:\\""|[^""])*(?<!\\)""|`(?:\\`|[^`])*(?<!\\)`)\s*(?:#.*)?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(
        @"^(?<quote>['""`])(?<inner>[\s\S]*)\k<quote>$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex Quotes();
}
