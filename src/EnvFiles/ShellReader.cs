using System.Text;

namespace Rotunda.EnvFiles;

/// <summary>A POSIX shell that sources the file:
/// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02</summary>
internal sealed class ShellReader : EnvReader
{
    private const string Plain = "_./:@%+,=-";

    /// <summary>In an assignment without <c>export</c>, where a shell neither splits nor looks for files.</summary>
    private const string PlainInAssignment = Plain + "!^{}*?[]~#";

    public override string Name => "a shell";

    public override bool KeepsCarriageReturns => true;

    public override EnvReading Read(EnvLine line)
    {
        var (rest, value) = (line.Rest, new StringBuilder());
        var at = 0;
        while (at < rest.Length && rest[at] is not (' ' or '\t'))
        {
            var problem = rest[at] switch
            {
                '\'' => Single(rest, ref at, value),
                '"' => Double(rest, ref at, value),
                '\\' => Escaped(rest, ref at, value),
                _ => Bare(rest, ref at, value, line.IsExported),
            };
            if (problem is not null)
            {
                return EnvReading.Not(problem);
            }
        }
        return EnvLine.IsTail(rest.AsSpan(at)) ? EnvReading.Of(value.ToString())
            : EnvReading.Not("a shell takes a second word on the line for a command. Put the value into single quotes");
    }

    private static string? Single(string rest, ref int at, StringBuilder value)
    {
        var close = rest.IndexOf('\'', at + 1);
        if (close < 0)
        {
            return EnvReading.Open;
        }
        value.Append(rest, at + 1, close - at - 1);
        at = close + 1;
        return null;
    }

    private static string? Double(string rest, ref int at, StringBuilder value)
    {
        for (at++; at < rest.Length; at++)
        {
            switch (rest[at])
            {
                case '"':
                    at++;
                    return null;
                case '$' or '`':
                    return "a shell expands a $ and a ` in double quotes. Use single quotes";
                case '\\' when at + 1 < rest.Length && rest[at + 1] is '"' or '\\' or '$' or '`':
                    value.Append(rest[++at]);
                    break;
                case '\\' when at + 1 < rest.Length && rest[at + 1] == '\n':
                    at++;
                    break;
                default:
                    value.Append(rest[at]);
                    break;
            }
        }
        return EnvReading.Open;
    }

    private static string? Escaped(string rest, ref int at, StringBuilder value)
    {
        if (at + 1 >= rest.Length || rest[at + 1] == '\n')
        {
            return "a shell joins a line that ends with a backslash to the next one";
        }
        value.Append(rest[at + 1]);
        at += 2;
        return null;
    }

    private static string? Bare(string rest, ref int at, StringBuilder value, bool isExported)
    {
        var symbol = rest[at];
        var isHome = symbol == '~' && (at == 0 || rest[at - 1] is ':' or '=');
        var isPlain = symbol > '\x7f' || char.IsAsciiLetterOrDigit(symbol)
            || (isExported ? Plain : PlainInAssignment).Contains(symbol, StringComparison.Ordinal);
        if (!isPlain || isHome || (isExported && symbol > '\x7f'))
        {
            return "it has characters that a shell reads otherwise. Put it into single quotes";
        }
        value.Append(symbol);
        at++;
        return null;
    }
}
