using System.Text;

namespace Rotunda.EnvFiles;

/// <summary>systemd's EnvironmentFile=: https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#EnvironmentFile=. What
/// stands behind a closing quote is a part of the value.</summary>
internal sealed class SystemdReader : EnvReader
{
    public override string Name => "systemd";

    public override bool KnowsComments => false;

    public override bool KnowsExport => false;

    public override EnvReading Read(EnvLine line)
    {
        if (line.IsExported)
        {
            return EnvReading.Not("systemd passes over a line with export in front");
        }
        var (rest, value, blanks) = (line.Rest, new StringBuilder(), 0);
        for (var at = 0; at < rest.Length;)
        {
            at = Skip(rest, at);
            if (at < rest.Length && rest[at] is ('\'' or '"'))
            {
                at = Quoted(rest, at, value);
                if (at < 0)
                {
                    return EnvReading.Not(EnvReading.Open);
                }
                continue;
            }
            (at, blanks) = Bare(rest, at, value);
            if (at < 0)
            {
                return EnvReading.Not("systemd joins a line that ends with a backslash to the next one");
            }
        }
        value.Length -= blanks;
        return EnvReading.Of(value.ToString());
    }

    private static int Skip(string rest, int at)
    {
        while (at < rest.Length && rest[at] is (' ' or '\t'))
        {
            at++;
        }
        return at;
    }

    private static int Quoted(string rest, int open, StringBuilder value)
    {
        var quote = rest[open];
        for (var at = open + 1; at < rest.Length; at++)
        {
            if (rest[at] == quote)
            {
                return at + 1;
            }
            if (quote == '\'' || rest[at] != '\\')
            {
                value.Append(rest[at]);
            }
            else if (++at < rest.Length && rest[at] != '\n')
            {
                value.Append(rest[at] is '"' or '\\' or '`' or '$' ? "" : "\\").Append(rest[at]);
            }
        }
        return -1;
    }

    /// <summary>From the first character that is neither a blank nor a quote, all up to the end of the line is the value.</summary>
    private static (int At, int Blanks) Bare(string rest, int at, StringBuilder value)
    {
        var blanks = 0;
        for (; at < rest.Length; at++)
        {
            var isEscaped = rest[at] == '\\';
            at += isEscaped ? 1 : 0;
            if (at >= rest.Length || rest[at] == '\n')
            {
                return (-1, 0);
            }
            blanks = !isEscaped && rest[at] is (' ' or '\t') ? blanks + 1 : 0;
            value.Append(rest[at]);
        }
        return (at, blanks);
    }
}
