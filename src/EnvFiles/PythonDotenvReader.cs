using System.Text.RegularExpressions;

namespace Rotunda.EnvFiles;

/// <summary>python-dotenv: https://github.com/theskumar/python-dotenv/blob/main/src/dotenv/parser.py. It expands <c>${NAME}</c> in
/// every kind of quotes.</summary>
internal sealed partial class PythonDotenvReader : EnvReader
{
    public override string Name => "Python's dotenv";

    public override EnvReading Read(EnvLine line)
    {
        var rest = line.Rest.TrimStart(' ', '\t');
        var quoted = rest.Length == 0 ? null : rest[0] == '\'' ? Single().Match(rest) : rest[0] == '"' ? Double().Match(rest) : null;
        if (quoted is not null && (!quoted.Success || quoted.Groups["value"].Value.EndsWith('\\')))
        {
            return EnvReading.Not(EnvReading.Open);
        }
        if (quoted is not null && !Tail().IsMatch(rest[quoted.Length..]))
        {
            return EnvReading.Not(EnvReading.AfterQuotes);
        }
        var value = quoted is null
            ? Comment().Replace(rest, "").TrimEnd()
            : (rest[0] == '\'' ? SingleEscape() : DoubleEscape()).Replace(quoted.Groups["value"].Value, match => Unescaped(match.Value[1]));
        return Variable().IsMatch(value) ? EnvReading.Not("Python's dotenv takes ${…} for a variable, in every kind of quotes")
            : EnvReading.Of(value);
    }

    private static string Unescaped(char symbol) => symbol switch
    {
        'a' => "\a", 'b' => "\b", 'f' => "\f", 'n' => "\n", 'r' => "\r", 't' => "\t", 'v' => "\v",
        _ => symbol.ToString(),
    };

    [GeneratedRegex(@"^'(?<value>(?:\\'|[^'])*)'", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Single();

    [GeneratedRegex(@"^""(?<value>(?:\\""|[^""])*)""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Double();

    [GeneratedRegex(@"\\[\\']", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SingleEscape();

    [GeneratedRegex(@"\\[\\'""abfnrtv]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex DoubleEscape();

    [GeneratedRegex(@"\s+#.*", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^[^\S\r\n]*(?:#[^\r\n]*)?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Tail();

    [GeneratedRegex(@"\$\{[^}:]*(?::-[^}]*)?\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Variable();
}
