using System.Globalization;
using System.Text;
using Rotunda.Providers.Delivery;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Rotunda.Providers.Targets.ConfigFile;

internal sealed class TomlLanguage : ConfigLanguage
{
    public override string Name => "toml";

    public override string Write(string text, ConfigNode node, string path, string value) =>
        node.Style == '\'' && !value.Any(symbol => symbol is '\'' or < ' ' or '\u007f') ? $"'{value}'" : Quoted(value);

    protected override ConfigNode Parse(string text)
    {
        var document = Read(text);
        if (document.HasErrors)
        {
            // What the parser says may hold a piece of a value.
            throw Broken(document.Diagnostics[0].Span.Start.Line + 1);
        }

        var root = new ConfigNode(ConfigKind.Map, 0, text.Length);
        foreach (var pair in document.KeyValues)
        {
            Put(root, pair);
        }

        root.LinesAt = root.Entries.Count > 0 ? LineEnd(text, document.KeyValues.Last().Span.End.Offset) : 0;
        foreach (var table in document.Tables)
        {
            var map = TableOf(root, table, text);
            foreach (var pair in table.Items.OfType<KeyValueSyntax>())
            {
                Put(map, pair);
            }
        }

        return root;
    }

    private DocumentSyntax Read(string text)
    {
        try
        {
            return SyntaxParser.Parse(text, "toml");
        }
        catch (TomlException)
        {
            // Everything else that is wrong is told by the document.
            throw Broken(null, TooDeep);
        }
    }

    protected override string Insert(
        string text, IReadOnlyList<ConfigNode> parents, IReadOnlyList<string> rest, string path, string value)
    {
        var names = rest.ToList();
        for (var i = parents.Count - 1; i >= 0; i--)
        {
            if (parents[i].LinesAt is { } at)
            {
                var line = $"{string.Join('.', names.Select(Key))} = {Quoted(value)}{NewLineOf(text)}";
                return at > 0 && text[at - 1] != '\n' ? text.Insert(at, NewLineOf(text) + line) : text.Insert(at, line);
            }

            if (i == 0 || parents[i - 1].Entries.Find(entry => entry.Node == parents[i]) is not { } own)
            {
                break;
            }

            names.Insert(0, own.Name);
        }

        throw new DeliveryException($"{path} cannot be added to the file. Put it there by hand.");
    }

    protected override string Cut(string text, ConfigNode map, int index)
    {
        var entry = map.Entries[index];
        if (entry.Node.Kind != ConfigKind.Scalar)
        {
            // Made by a dotted key, and gone with it.
            return text;
        }

        var start = LineStart(text, entry.Start);
        return text.Remove(start, LineEnd(text, entry.Node.End) - start);
    }

    private static ConfigNode TableOf(ConfigNode root, TableSyntaxBase table, string text)
    {
        var (names, at) = (NamesOf(table.Name!), table.Span.Start.Offset);
        var map = new ConfigNode(ConfigKind.Map, at, at) { LinesAt = LineEnd(text, table.CloseBracket!.Span.End.Offset) };
        var parent = Descend(root, names.Take(names.Count - 1), at);
        if (table is TableArraySyntax)
        {
            if (parent.Entries.Find(entry => entry.Name == names[^1]) is not { Node.Kind: ConfigKind.List } list)
            {
                list = new ConfigEntry(names[^1], at, new ConfigNode(ConfigKind.List, at, at));
                parent.Entries.Add(list);
            }

            list.Node.Items.Add(map);
            return map;
        }

        if (parent.Entries.Find(entry => entry.Name == names[^1]) is { Node: { Kind: ConfigKind.Map, LinesAt: null } known })
        {
            // It was named by a table of its own before.
            known.LinesAt = map.LinesAt;
            return known;
        }

        parent.Entries.Add(new ConfigEntry(names[^1], at, map));
        return map;
    }

    private static void Put(ConfigNode map, KeyValueSyntax pair)
    {
        var (names, at) = (NamesOf(pair.Key!), pair.Span.Start.Offset);
        Descend(map, names.Take(names.Count - 1), at).Entries.Add(new ConfigEntry(names[^1], at, Of(pair.Value!)));
    }

    /// <summary>Through maps, and the last one of a list of tables.</summary>
    private static ConfigNode Descend(ConfigNode map, IEnumerable<string> names, int at)
    {
        foreach (var name in names)
        {
            if (map.Entries.Find(entry => entry.Name == name) is not { } found)
            {
                found = new ConfigEntry(name, at, new ConfigNode(ConfigKind.Map, at, at));
                map.Entries.Add(found);
            }

            map = found.Node.Kind == ConfigKind.List && found.Node.Items.Count > 0 ? found.Node.Items[^1] : found.Node;
        }

        return map;
    }

    private static ConfigNode Of(ValueSyntax value)
    {
        var (start, end) = (value.Span.Start.Offset, value.Span.End.Offset + 1);
        switch (value)
        {
            case StringValueSyntax text:
                return new ConfigNode(ConfigKind.Scalar, start, end) { Text = text.Value, Style = text.Token!.Text![0] };
            case InlineTableSyntax table:
                var map = new ConfigNode(ConfigKind.Map, start, end) { IsInline = true };
                foreach (var item in table.Items)
                {
                    Put(map, item.KeyValue!);
                }

                return map;
            case ArraySyntax array:
                var list = new ConfigNode(ConfigKind.List, start, end);
                list.Items.AddRange(array.Items.Select(item => Of(item.Value!)));
                return list;
            default:
                return new ConfigNode(ConfigKind.Scalar, start, end)
                {
                    Fixed = "is no text (a number, a date, a truth value), and what is delivered is one. Put quotes around it, or correct "
                        + "the "
                        + "path",
                };
        }
    }

    private static List<string> NamesOf(KeySyntax key) =>
        [NameOf(key.Key!), .. key.DotKeys.Select(dotted => NameOf(dotted.Key!))];

    private static string NameOf(BareKeyOrStringValueSyntax key) => key switch
    {
        StringValueSyntax text => text.Value!,
        BareKeySyntax bare => bare.Key!.Text!.Trim(),
        _ => key.ToString().Trim(),
    };

    private static string Key(string name) =>
        name.Length > 0 && name.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '-' or '_') ? name : Quoted(name);

    private static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var symbol in value)
        {
            text.Append(symbol switch
            {
                '"' or '\\' => $"\\{symbol}",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' or '\u007f' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)symbol:x4}"),
                _ => symbol.ToString(),
            });
        }

        return text.Append('"').ToString();
    }
}
