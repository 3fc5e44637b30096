using System.Text;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Rotunda.Providers.Targets.PulumiEsc;

internal enum EscNodeKind
{
    Scalar,
    Mapping,
    Sequence,
    Alias,
}

/// <summary>A node of a YAML text with the place where it stands there.</summary>
/// <param name="Start">Its first character, with its anchor and tag.</param>
/// <param name="End">Behind its last character, without the comments and line ends that follow it.</param>
/// <param name="IsMarked">It has an anchor or a tag.</param>
internal sealed partial record EscNode(
    EscNodeKind Kind,
    int Start,
    int End,
    string Value,
    ScalarStyle Style,
    bool IsFlow,
    bool IsMarked,
    IReadOnlyList<(EscNode? Key, EscNode Value)> Children)
{
    private const string SecretFunction = "fn::secret";

    public bool IsEmpty => Kind == EscNodeKind.Scalar && Style == ScalarStyle.Plain && Value is "" or "~" or "null";

    public bool IsBlockScalar => Kind == EscNodeKind.Scalar && Style is ScalarStyle.Literal or ScalarStyle.Folded;

    /// <summary>What is inside <c>fn::secret</c>; null if it is something else.</summary>
    public EscNode? Secret => Kind == EscNodeKind.Mapping && Children is [{ Key.Value: SecretFunction }] ? Children[0].Value : null;

    /// <summary>The last node of the text's end, whose style decides what may follow it.</summary>
    public EscNode Last => Children.Count == 0 || IsFlow ? this : Children[^1].Value.Last;

    public EscNode? Child((string Name, bool IsIndex) part) => (Kind, part.IsIndex) switch
    {
        (EscNodeKind.Mapping, false) => Children.FirstOrDefault(child => child.Key!.Value == part.Name).Value,
        (EscNodeKind.Sequence, true) => int.Parse(part.Name) is var index && index < Children.Count ? Children[index].Value : null,
        _ => null,
    };

    /// <summary>The whole text's one document; null if there is nothing in it but comments.</summary>
    /// <exception cref="YamlException">It is no YAML.</exception>
    public static EscNode? Parse(string text)
    {
        var parser = new Parser(new StringReader(text));
        EscNode? root = null;
        while (parser.MoveNext())
        {
            if (parser.Current is DocumentStart)
            {
                parser.MoveNext();
                root = root is null ? Read(parser) : throw new YamlException("It has more than one document.");
            }
        }

        return root;
    }

    /// <summary>On one line, in a form that parses to the same anywhere. Anchors are not kept.</summary>
    public string ToFlow() => Kind switch
    {
        EscNodeKind.Mapping => "{" + string.Join(", ", Children.Select(child => $"{child.Key!.ToFlow()}: {child.Value.ToFlow()}")) + "}",
        EscNodeKind.Sequence => "[" + string.Join(", ", Children.Select(child => child.Value.ToFlow())) + "]",
        EscNodeKind.Alias => throw new YamlException("An alias cannot be moved."),
        _ => Style == ScalarStyle.Plain && BarePattern().IsMatch(Value) ? Value : IsEmpty ? "null" : Quote(Value),
    };

    /// <summary>Every leaf with its path, the same for texts that mean the same.</summary>
    public IEnumerable<(string Path, string Value)> Leaves(string path = "")
    {
        var leaf = Children.Count > 0
            ? []
            : new[] { (
                path,
                $"{Kind} {(Style == ScalarStyle.Plain && !IsEmpty ? "plain" : IsEmpty ? "empty" : "text")} {IsMarked} {Value}") };
        return leaf.Concat(
            Children.SelectMany((child, index) => child.Value.Leaves(
                $"{path}/{(child.Key is null ? $"#{index}" : Escape(child.Key.Value))}")));
    }

    /// <summary>A name as a part of a leaf's path.</summary>
    public static string Escape(string name) => name.Replace("~", "~0").Replace("/", "~1").Replace("#", "~2");

    /// <summary>In double quotes, as every YAML reader takes it.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var symbol in text)
        {
            quoted.Append(symbol switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' or '\x7f' or (>= '\x80' and < '\xa0') or '\u2028' or '\u2029' or '\ufeff' => $"\\u{(int)symbol:x4}",
                _ => symbol.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    private static EscNode Read(Parser parser)
    {
        var current = parser.Current!;
        var (start, end) = ((int)current.Start.Index, (int)current.End.Index);
        var isMarked = current is NodeEvent node && (!node.Anchor.IsEmpty || !node.Tag.IsEmpty);
        parser.MoveNext();
        return current switch
        {
            Scalar scalar => new(EscNodeKind.Scalar, start, end, scalar.Value, scalar.Style, false, isMarked, []),
            MappingStart mapping => Collection(parser, EscNodeKind.Mapping, start, mapping.Style == MappingStyle.Flow, isMarked),
            SequenceStart sequence => Collection(parser, EscNodeKind.Sequence, start, sequence.Style == SequenceStyle.Flow, isMarked),
            AnchorAlias alias => new(EscNodeKind.Alias, start, end, alias.Value.Value, ScalarStyle.Plain, false, true, []),
            _ => throw new YamlException("It has something that is no node."),
        };
    }

    private static EscNode Collection(Parser parser, EscNodeKind kind, int start, bool isFlow, bool isMarked)
    {
        var children = new List<(EscNode?, EscNode)>();
        while (parser.Current is not (MappingEnd or SequenceEnd))
        {
            var first = Read(parser);
            children.Add(kind == EscNodeKind.Mapping ? (first, Read(parser)) : (null, first));
        }

        // The parser tells where the closing brace begins; and of one in block style, where the next thing begins, behind
        // comments that are not its own.
        var end = isFlow ? (int)parser.Current.Start.Index + 1 : children.Count == 0 ? start : children[^1].Item2.End;
        parser.MoveNext();
        return new(kind, start, end, "", ScalarStyle.Plain, isFlow, isMarked, children);
    }

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.+/=\-]*\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BarePattern();
}
