using System.Text.RegularExpressions;
using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Rotunda.Providers.Targets.ConfigFile;

/// <summary>YAML, one document.</summary>
internal sealed partial class YamlLanguage : ConfigLanguage
{
    private const char Block = '|';
    private static readonly HashSet<string> Words =
        new(StringComparer.OrdinalIgnoreCase) { "y", "n", "yes", "no", "on", "off", "true", "false", "null" };

    public override string Name => "yaml";

    public override bool IsEmpty(string text) => string.IsNullOrWhiteSpace(text) || text.Trim() == "{}";

    public override string Write(string text, ConfigNode node, string path, string value) =>
        (node.Start == node.End && node.Start > 0 && text[node.Start - 1] is ':' or '-' ? " " : "") + Quoted(value, node.Style);

    protected override ConfigNode Parse(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.TryConsume<StreamEnd>(out _))
            {
                return new ConfigNode(ConfigKind.Map, 0, 0) { LinesAt = text.Length };
            }

            parser.Consume<DocumentStart>();
            var root = Read(parser, text, 0);
            parser.Consume<DocumentEnd>();
            return parser.TryConsume<StreamEnd>(out _)
                ? root
                : throw Broken(null, "It has several documents, and a path does not say in which. Give each a file.");
        }
        catch (YamlException problem)
        {
            // Where it was found, not where the part begins that it is in.
            throw Broken((int)problem.End.Line);
        }
    }

    protected override string Insert(
        string text, IReadOnlyList<ConfigNode> parents, IReadOnlyList<string> rest, string path, string value)
    {
        var map = parents[^1];
        var line = NewLineOf(text);
        if (map.IsInline)
        {
            var member = string.Concat(rest.Select((name, i) => $"{(i > 0 ? "{" : "")}{Key(name)}: ")) + Quoted(value, '\'')
                + new string('}', rest.Count - 1);
            return map.Entries.Count == 0
                ? text.Insert(map.Start + 1, member)
                : text.Insert(map.Entries[0].Start, $"{member}, ");
        }

        var (at, indent) = map.Entries.Count > 0
            ? (map.Entries[0].Start, new string(' ', map.Entries[0].Start - LineStart(text, map.Entries[0].Start)))
            : (map.LinesAt ?? throw new DeliveryException($"{path} cannot be added to the file. Put it there by hand."), "");
        var lines = string.Join(line, rest.Select((name, i) =>
            $"{(i > 0 ? indent : "")}{new string(' ', 2 * i)}{Key(name)}:{(i == rest.Count - 1 ? " " + Quoted(value, '\'') : "")}"));
        return map.Entries.Count > 0
            ? text.Insert(at, $"{lines}{line}{indent}")
            : text + (text.Length > 0 && !text.EndsWith('\n') ? line : "") + lines + line;
    }

    protected override string Cut(string text, ConfigNode map, int index)
    {
        var entry = map.Entries[index];
        if (map.IsInline)
        {
            return index + 1 < map.Entries.Count ? text.Remove(entry.Start, map.Entries[index + 1].Start - entry.Start)
                : index > 0 ? text.Remove(map.Entries[index - 1].Node.End, entry.Node.End - map.Entries[index - 1].Node.End)
                : text.Remove(entry.Start, entry.Node.End - entry.Start);
        }

        if (index + 1 < map.Entries.Count && string.IsNullOrWhiteSpace(text[entry.Node.End..map.Entries[index + 1].Start]))
        {
            return text.Remove(entry.Start, map.Entries[index + 1].Start - entry.Start);
        }

        var start = LineStart(text, entry.Start);
        return string.IsNullOrWhiteSpace(text[start..entry.Start])
            ? text.Remove(start, LineEnd(text, entry.Node.End) - start)
            : text.Remove(entry.Start, entry.Node.End - entry.Start);
    }

    /// <param name="depth">How many are around it: what others can write must not exhaust the stack.</param>
    private ConfigNode Read(IParser parser, string text, int depth)
    {
        if (depth > MostDeep)
        {
            throw Broken((int)parser.Current!.Start.Line, TooDeep);
        }

        var start = (int)parser.Current!.Start.Index;
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return new ConfigNode(ConfigKind.Scalar, start, (int)alias.End.Index)
            {
                Fixed = "is an alias (*): what it stands for is shared. Write the value out there",
            };
        }

        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return Of(scalar, text);
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<ConfigNode>();
            while (parser.Current is not SequenceEnd)
            {
                items.Add(Read(parser, text, depth + 1));
            }

            var list = new ConfigNode(ConfigKind.List, start, (int)parser.Consume<SequenceEnd>().End.Index);
            list.Items.AddRange(items);
            return list;
        }

        var begin = parser.Consume<MappingStart>();
        var entries = new List<ConfigEntry>();
        while (parser.Current is not MappingEnd)
        {
            var name = (parser.Current as Scalar)?.Value ?? "\0";
            var key = Read(parser, text, depth + 1);
            entries.Add(new ConfigEntry(name, key.Start, Read(parser, text, depth + 1)));
        }

        var close = (int)parser.Consume<MappingEnd>().End.Index;
        var isInline = begin.Style == MappingStyle.Flow;
        var map = new ConfigNode(ConfigKind.Map, start, isInline || entries.Count == 0 ? close : entries[^1].Node.End)
        {
            IsInline = isInline,
        };
        map.Entries.AddRange(entries);
        return map;
    }

    private static ConfigNode Of(Scalar scalar, string text)
    {
        var (start, end) = ((int)scalar.Start.Index, (int)scalar.End.Index);
        var isBlock = scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded;
        end = isBlock ? start + text.AsSpan(start, end - start).TrimEnd().Length : end;
        return new ConfigNode(ConfigKind.Scalar, start, end)
        {
            Text = scalar.Style == ScalarStyle.Plain && !IsText(scalar.Value) ? null : scalar.Value,
            Style = scalar.Style switch
            {
                ScalarStyle.SingleQuoted => '\'',
                ScalarStyle.DoubleQuoted => '"',
                _ => isBlock ? Block : ' ',
            },
            Fixed = !scalar.Anchor.IsEmpty ? "has an anchor (&): others take what stands there. Take the anchor away"
                : !scalar.Tag.IsEmpty ? "has a tag (!), which says how it is to be read. Take the tag away" : null,
        };
    }

    /// <summary>Without quotes it would be a number, a truth value or nothing for some readers.</summary>
    private static bool IsText(string plain) => plain.Length > 0 && !Words.Contains(plain) && !Number().IsMatch(plain);

    private static string Key(string name) => Quoted(name, ' ');

    private static string Quoted(string value, char style) =>
        style == ' ' && Plain().IsMatch(value) && !Words.Contains(value) ? value
        : style != '"' && value.All(symbol => symbol is >= ' ' and <= '~' or >= '\u00a1' and < '\ud800') && !value.Contains('\u2028')
            && !value.Contains('\u2029') ? $"'{value.Replace("'", "''", StringComparison.Ordinal)}'"
        : TemplateEncoding.Of("yaml", value);

    [GeneratedRegex(@"^(?:[-+]?[0-9.][-+0-9_.:,a-fA-FxXoO]*|[-+]?\.(?:inf|nan)|~|<<|=)\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Number();

    /// <summary>What no reader takes for anything but a text.</summary>
    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_\-./+=]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Plain();
}
