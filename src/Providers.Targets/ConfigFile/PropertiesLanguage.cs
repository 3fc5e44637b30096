using System.Globalization;
using System.Text;
using Rotunda.Providers.Delivery;

namespace Rotunda.Providers.Targets.ConfigFile;

/// <summary>Properties of Java: https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Properties.html. A path is a whole
/// key, dots and all.</summary>
internal sealed class PropertiesLanguage : ConfigLanguage
{
    public override string Name => "properties";

    public override bool IsBytewise => true;

    public override ValuePath PathOf(string path) => path.Length > 0
        ? new ValuePath(path, [(path, false)])
        : throw new DeliveryException("A path in 'keys' is empty. Write the name of a property in the file.");

    public override string Write(string text, ConfigNode node, string path, string value) => Escaped(value, isKey: false);

    protected override ConfigNode Parse(string text)
    {
        var root = new ConfigNode(ConfigKind.Map, 0, text.Length) { LinesAt = text.Length };
        for (var at = 0; at < text.Length;)
        {
            var start = SkipBlanks(text, at);
            if (start < text.Length && text[start] is not ('\r' or '\n' or '#' or '!'))
            {
                at = LineEnd(text, Entry(text, at, start, root));
            }
            else
            {
                at = LineEnd(text, start);
            }
        }

        return root;
    }

    protected override string Insert(
        string text, IReadOnlyList<ConfigNode> parents, IReadOnlyList<string> rest, string path, string value)
    {
        var line = NewLineOf(text);
        return text + (text.Length > 0 && !text.EndsWith('\n')
            ? line : "") + $"{Escaped(path, isKey: true)}={Escaped(value, isKey: false)}{line}";
    }

    protected override string Cut(string text, ConfigNode map, int index)
    {
        var entry = map.Entries[index];
        return text.Remove(entry.Start, LineEnd(text, entry.Node.End) - entry.Start);
    }

    /// <summary>Reads one, which may go over several lines.</summary>
    /// <returns>Where its value ends.</returns>
    private static int Entry(string text, int line, int start, ConfigNode root)
    {
        var at = start;
        var name = Read(text, ref at, isKey: true);
        var isBare = at >= text.Length || text[at] is '\r' or '\n';
        at = SkipBlanks(text, at);
        if (at < text.Length && text[at] is '=' or ':')
        {
            isBare = false;
            at = SkipBlanks(text, at + 1);
        }

        var from = at;
        var value = Read(text, ref at, isKey: false);
        root.Entries.Add(new ConfigEntry(name, line, new ConfigNode(ConfigKind.Scalar, from, at)
        {
            Text = value, Fixed = isBare ? "has no = behind its key. Put one there" : null,
        }));
        return at;
    }

    private static string Read(string text, ref int at, bool isKey)
    {
        var read = new StringBuilder();
        while (at < text.Length && text[at] is not ('\r' or '\n') && !(isKey && text[at] is '=' or ':' or ' ' or '\t' or '\f' && isKey))
        {
            if (text[at] != '\\' || at + 1 >= text.Length)
            {
                at += text[at] == '\\' ? 1 : 0;
                if (at < text.Length)
                {
                    read.Append(text[at++]);
                }
            }
            else if (text[at + 1] is '\r' or '\n')
            {
                at = SkipBlanks(text, LineEnd(text, at));
            }
            else
            {
                read.Append(Unescaped(text, ref at));
            }
        }

        return read.ToString();
    }

    private static char Unescaped(string text, ref int at)
    {
        at += 2;
        var symbol = text[at - 1];
        if (symbol == 'u' && at + 4 <= text.Length
            && ushort.TryParse(text.AsSpan(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            at += 4;
            return (char)code;
        }

        return symbol switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'f' => '\f', _ => symbol };
    }

    private static int SkipBlanks(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\f')
        {
            at++;
        }

        return at;
    }

    /// <summary>In ASCII, so that it is the same in every encoding that readers take for granted.</summary>
    private static string Escaped(string value, bool isKey)
    {
        var text = new StringBuilder();
        foreach (var (index, symbol) in value.Index())
        {
            text.Append(symbol switch
            {
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                ' ' or '=' or ':' or '#' or '!' when isKey || index == 0 => $"\\{symbol}",
                < ' ' or > '~' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)symbol:x4}"),
                _ => symbol.ToString(),
            });
        }

        return text.ToString();
    }
}
