using System.Text;
using System.Text.RegularExpressions;

namespace Rotunda.EnvFiles;

/// <summary>docker compose, for <c>.env</c> and <c>env_file</c>:
/// https://github.com/compose-spec/compose-go/blob/main/dotenv/parser.go</summary>
internal sealed partial class ComposeReader : EnvReader
{
    public override string Name => "docker compose";

    public override EnvReading Read(EnvLine line)
    {
        var rest = line.Rest.TrimStart(' ', '\t');
        return rest.Length > 0 && rest[0] is ('\'' or '"') ? Quoted(rest) : Expanded(Unquoted(rest));
    }

    private static string Unquoted(string rest)
    {
        var comment = rest.IndexOf(" #", StringComparison.Ordinal);
        return (comment < 0 ? rest : rest[..comment]).TrimEnd();
    }

    private static EnvReading Quoted(string rest)
    {
        var value = new StringBuilder();
        var isEscaped = false;
        for (var at = 1; at < rest.Length; at++)
        {
            var symbol = rest[at];
            if (symbol == rest[0] && !isEscaped)
            {
                return !EnvLine.IsTail(rest.AsSpan(at + 1)) ? EnvReading.Not(EnvReading.AfterQuotes)
                    : rest[0] == '\'' ? EnvReading.Of(value.ToString()) : Unescaped(value.ToString());
            }
            if (symbol == '\\' && !isEscaped)
            {
                isEscaped = true;
                continue;
            }
            value.Append(isEscaped && symbol != rest[0] ? "\\" : "").Append(symbol);
            isEscaped = false;
        }
        return EnvReading.Not(EnvReading.Open);
    }

    private static EnvReading Unescaped(string text) => Octal().IsMatch(text)
        ? EnvReading.Not("docker compose reads \\0 in double quotes as the number of a character")
        : Expanded(Escape().Replace(text, match => match.Value[1] switch
        {
            'a' => "\a", 'b' => "\b", 'f' => "\f", 'n' => "\n", 'r' => "\r", 't' => "\t", 'v' => "\v",
            '\\' => "\\", '"' => "\"", '$' => "$$",
            _ => match.Value,
        }));

    private static EnvReading Expanded(string text) => Variable().IsMatch(text.Replace("$$", "", StringComparison.Ordinal))
        ? EnvReading.Not(EnvReading.Expanded)
        : EnvReading.Of(text.Replace("$$", "$", StringComparison.Ordinal));

    [GeneratedRegex(@"\\[abcfnrtv$""\\]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Escape();

    [GeneratedRegex(@"(?<!\\)(?:\\\\)*\\0", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Octal();

    [GeneratedRegex(@"\$[A-Za-z_{]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Variable();
}
