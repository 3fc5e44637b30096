using Rotunda.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Rotunda.Rotation.Catalog;

/// <summary>
/// Builds the tree of nodes from YAML events. Our own, as YamlDotNet's representation model stops at the first duplicate
/// key, and lets a few nested aliases grow into billions of nodes for whoever walks it.
/// </summary>
internal sealed class CatalogTree
{
    public const int MaxLength = 4 * 1024 * 1024;
    private const string IfEmpty = "The catalog is empty. Start with \"version: 1\" and \"secrets:\".";

    private readonly Parser _parser;
    private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);
    private readonly SharedTexts _texts = new();
    private int _nodes;

    private CatalogTree(string text) => _parser = new Parser(new StringReader(text));

    /// <returns>Null if there is nothing to read; then a problem says why.</returns>
    public static YamlNode? Load(string text, CatalogProblems problems, string ifEmpty = IfEmpty)
    {
        if (text.Length > MaxLength)
        {
            problems.Add(1, 1, "The file is larger than 4 MiB. Split the catalog into files that it includes.");
            return null;
        }
        return SimpleTree.TryRead(text) ?? LoadWhole(text, problems, ifEmpty);
    }

    /// <summary>The same by the whole language.</summary>
    internal static YamlNode? LoadWhole(string text, CatalogProblems problems, string ifEmpty = IfEmpty)
    {
        var tree = new CatalogTree(text);
        try
        {
            var root = tree.ReadDocument();
            if (root is null or { IsNothing: true })
            {
                problems.Add(1, 1, ifEmpty);
                return null;
            }
            return root;
        }
        catch (Exception e) when (e is not (CatalogLimitException or OutOfMemoryException) && TabAt(text) is var (line, column))
        {
            problems.Add(line, column, "A tab indents this line. YAML takes spaces only: replace it.");
        }
        catch (YamlException e)
        {
            problems.Add(
                (int)Math.Max(1, e.Start.Line),
                (int)Math.Max(1, e.Start.Column),
                $"This is not valid YAML: {Sentence(e.Message)} Look at the indentation, the colons and the quotes here and just above.");
        }
        catch (CatalogLimitException e)
        {
            problems.Add(e.Line, e.Column, e.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The parser trips over some texts with plain exceptions that carry no position: the last event is near.
            var near = tree._parser.Current?.End ?? Mark.Empty;
            problems.Add(
                (int)Math.Max(1, near.Line),
                (int)Math.Max(1, near.Column),
                "This is not valid YAML. Look for unclosed brackets and quotes and for malformed escapes, here and just below.");
        }
        return null;
    }

    private YamlNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
        {
            return null;
        }
        _parser.Consume<DocumentStart>();
        var root = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
        {
            throw Limit(second.Start, "A second document starts here. A catalog is one document: remove the \"---\" and merge the two.");
        }
        return root;
    }

    private YamlNode ReadNode(int depth)
    {
        if (depth > SimpleTree.MaxDepth)
        {
            throw Limit(
                _parser.Current!.Start,
                $"This is nested more than {SimpleTree.MaxDepth} levels deep. A catalog never needs that: flatten it.");
        }
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            var target = _anchors.GetValueOrDefault(alias.Value.Value)
                ?? throw Limit(
                    alias.Start,
                    $"The alias \"*{alias.Value}\" has no anchor before it. Define \"&{alias.Value}\" first, or write the value out.");
            Count(target.Size, alias.Start);
            return target;
        }
        Count(1, _parser.Current!.Start);
        var (anchor, node) = ReadNew(depth);
        if (!anchor.IsEmpty)
        {
            _anchors[anchor.Value] = node;
        }
        return node;
    }

    private (AnchorName Anchor, YamlNode Node) ReadNew(int depth)
    {
        if (_parser.TryConsume<SequenceStart>(out var list))
        {
            var items = new List<YamlNode>();
            while (!_parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(ReadNode(depth + 1));
            }
            return (
                list.Anchor,
                new YamlNode(
                    YamlNodeKind.List,
                    (int)list.Start.Line,
                    (int)list.Start.Column) { Items = items, Size = 1 + items.Sum(i => i.Size) });
        }
        if (_parser.TryConsume<MappingStart>(out var map))
        {
            var entries = new List<KeyValuePair<YamlNode, YamlNode>>();
            while (!_parser.TryConsume<MappingEnd>(out _))
            {
                var key = ReadNode(depth + 1);
                entries.Add(new(key, ReadNode(depth + 1)));
            }
            return (
                map.Anchor,
                new YamlNode(
                    YamlNodeKind.Map,
                    (int)map.Start.Line,
                    (int)map.Start.Column) { Entries = entries, Size = 1 + entries.Sum(e => e.Key.Size + e.Value.Size) });
        }
        var scalar = _parser.Consume<Scalar>();
        return (
            scalar.Anchor,
            new YamlNode(
                YamlNodeKind.Scalar,
                (int)scalar.Start.Line,
                (int)scalar.Start.Column) { Text = _texts.Of(scalar.Value), Plain = scalar.Style == ScalarStyle.Plain });
    }

    private void Count(int nodes, Mark at)
    {
        _nodes += nodes;
        if (_nodes > SimpleTree.MaxNodes)
        {
            throw Limit(
                at,
                $"The catalog has more than {SimpleTree.MaxNodes} values, with its aliases written out. Split it, or use fewer aliases.");
        }
    }

    /// <summary>The parser reports what a tab spoils far from it, or at the beginning. Null if no line is indented with one.</summary>
    private static (int Line, int Column)? TabAt(string text)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var indent = line.Length - line.TrimStart(" \t").Length;
            if (line[..indent].IndexOf('\t') is >= 0 and var tab && indent < line.Length)
            {
                return (number, tab + 1);
            }
        }

        return null;
    }

    private static CatalogLimitException Limit(Mark at, string message) => new((int)at.Line, (int)at.Column, message);

    private static string Sentence(string message) => message.Trim().TrimEnd('.') + ".";

    private sealed class CatalogLimitException(int line, int column, string message) : Exception(message)
    {
        public int Line => line;

        public int Column => column;
    }
}
