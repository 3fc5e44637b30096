using System.Text.RegularExpressions;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;
using YamlDotNet.Core;

namespace Rotunda.Providers.Targets.PulumiEsc;

/// <summary>
/// An environment's definition, of which single values can be changed while every other character stays as it is: comments, order,
/// ciphertexts. Each change is checked by reading the result again.
/// </summary>
internal sealed partial class EscDocument
{
    private const string Values = "values";
    private readonly EscNode? _root;

    private EscDocument(string text, EscNode? root) => (Text, _root) = (text, root);

    public string Text { get; }

    /// <exception cref="EscDocumentException">It is no YAML that can be changed safely.</exception>
    public static EscDocument Parse(string text)
    {
        try
        {
            return new(text, EscNode.Parse(text));
        }
        catch (YamlException problem)
        {
            // The parser's own message may quote the text.
            throw new EscDocumentException(
                $"The environment's definition cannot be read as one YAML document. Correct it in Pulumi (line {problem.Start.Line}).");
        }
    }

    /// <summary>What stands there; null if nothing does.</summary>
    public EscNode? At(ValuePath path) => Walk(path) is { Depth: var depth, Node: { } node } && depth == path.Parts.Count + 1 ? node : null;

    /// <summary>How many parts of the path exist, <c>values</c> included.</summary>
    public int DepthOf(ValuePath path) => Walk(path).Depth;

    /// <summary>The same with a secret there, in the clear: ESC encrypts it as it takes it.</summary>
    /// <exception cref="EscDocumentException">What stands there is no single value.</exception>
    public EscDocument WithSecret(ValuePath path, string value)
    {
        if (value.Contains("${", StringComparison.Ordinal))
        {
            throw new EscDocumentException(
                $"The value for {path.Text} contains '${{', which ESC takes for a reference. Write {{value:base64}} in the template, or "
                    + "take those characters out of the policy's alphabet.");
        }

        var (quoted, standing) = (EscNode.Quote(value), At(path));
        if (standing is { Kind: not EscNodeKind.Scalar, Secret: null })
        {
            throw new EscDocumentException(
                $"At {path.Text} stands something else than a value. Point the path at a value, or take away what is there.");
        }

        // Only what is inside fn::secret, where there is one: what was written around it stays.
        return standing?.Secret is { } inner
            ? Replaced(path, inner, quoted)
            : With(path, $"{{fn::secret: {quoted}}}", $"fn::secret: {quoted}");
    }

    /// <summary>The same with what stands there in another document.</summary>
    /// <param name="isVerbatim">With the same characters; else on one line.</param>
    /// <exception cref="EscDocumentException">It cannot be written there safely.</exception>
    public EscDocument WithNode(ValuePath path, EscDocument other, EscNode node, bool isVerbatim)
    {
        string Written(EscNode what) => isVerbatim ? other.Text[what.Start..what.End] : what.ToFlow();
        return node.Secret is { } inner && At(path)?.Secret is { } standing
            ? Replaced(path, standing, Written(inner))
            : With(path, Written(node));
    }

    /// <summary>The same with something else there.</summary>
    /// <param name="flow">On one line.</param>
    /// <param name="block">The same for a line of its own, if there is such a form; else null.</param>
    /// <exception cref="EscDocumentException">It cannot be written there safely.</exception>
    public EscDocument With(ValuePath path, string flow, string? block = null)
    {
        if (At(path) is { } standing)
        {
            return Replaced(path, standing, flow);
        }

        var (depth, node) = Walk(path);
        var missing = path.Parts.Prepend((Name: Values, IsIndex: false)).Skip(depth).ToList();
        if (missing.Exists(part => part.IsIndex))
        {
            throw new EscDocumentException(
                $"{path.Text} is a place in a list that the environment does not have. Make the list there "
                    + "longer, or correct the path.");
        }

        return Checked(Insertion(path, node, [.. missing.Select(part => part.Name)], flow, block), path);
    }

    /// <summary>The same without what stands there, and without the parents that were made for it.</summary>
    /// <param name="depth">How many parts of the path are to stay.</param>
    /// <exception cref="EscDocumentException">It cannot be taken away safely.</exception>
    public EscDocument Without(ValuePath path, int depth)
    {
        if (At(path) is null)
        {
            return this;
        }

        var parts = path.Parts.Prepend((Name: Values, IsIndex: false)).ToList();
        var parents = new List<EscNode> { _root! };
        parents.AddRange(parts.Select(part => parents[^1].Child(part)!));
        var at = parts.Count - 1;
        while (at > depth && parents[at].Children.Count == 1)
        {
            at--;
        }

        var index = parents[at].Children.ToList().FindIndex(child => child.Key?.Value == parts[at].Name);
        return index < 0 ? throw Unsafe(path) : Checked(Removal(path, parents[at], index), path);
    }

    private (int Depth, EscNode? Node) Walk(ValuePath path)
    {
        var (depth, node) = (0, _root);
        foreach (var part in path.Parts.Prepend((Name: Values, IsIndex: false)))
        {
            if (node?.Child(part) is not { } child)
            {
                break;
            }

            (depth, node) = (depth + 1, child);
        }

        return (depth, node);
    }

    private EscDocument Replaced(ValuePath path, EscNode node, string text)
    {
        if (node.IsMarked)
        {
            throw new EscDocumentException(
                $"What stands at {path.Text} has an anchor or a tag, or is an alias: others may depend on it. Write it out there.");
        }

        var isNothing = node.End == node.Start;
        var line = node.IsBlockScalar && node.End > 0 && Text[node.End - 1] == '\n' ? NewLine : "";
        return Checked(Splice(node.Start, node.End, (isNothing ? " " : "") + text + line), path);
    }

    private string Insertion(ValuePath path, EscNode? parent, IReadOnlyList<string> names, string flow, string? block)
    {
        var nested = string.Concat(names.Select((name, index) => (index > 0 ? "{" : "") + EscNode.Quote(name) + ": ")) + flow + new string(
            '}',
            names.Count - 1);
        if (parent is null)
        {
            return Text + (Text.Length == 0 || Text.EndsWith('\n') ? "" : NewLine) + Block("", names, flow, block) + NewLine;
        }

        if (parent.IsMarked || (parent.Kind != EscNodeKind.Mapping && !parent.IsEmpty))
        {
            throw new EscDocumentException(
                $"{path.Text} leads through something that is no mapping, or has an anchor or a tag. Correct the path, or write "
                    + "it out there.");
        }

        if (parent.IsEmpty)
        {
            return Splice(parent.Start, parent.End, (parent.Start == parent.End ? " {" : "{") + nested + "}");
        }

        if (parent.IsFlow)
        {
            return Splice(parent.Start + 1, parent.Start + 1, nested + (parent.Children.Count > 0 ? ", " : ""));
        }

        var first = parent.Children[0].Key!.Start;
        var indent = new string(' ', first - LineStart(first));
        var entry = Block(indent, names, flow, block);
        if (parent.Last.IsBlockScalar)
        {
            // Behind a text in block style a line could become part of it.
            return Splice(first, first, entry[indent.Length..] + NewLine + indent);
        }

        var end = LineEnd(parent.End);
        return Splice(end, end, NewLine + entry);
    }

    private string Block(string indent, IReadOnlyList<string> names, string flow, string? block)
    {
        string Key(string name) => NamePattern().IsMatch(name) ? name : EscNode.Quote(name);
        var lines = names.Select((name, depth) => $"{indent}{new string(' ', depth * 2)}{Key(name)}:").ToList();
        if (block is null)
        {
            lines[^1] += " " + flow;
        }
        else
        {
            lines.Add($"{indent}{new string(' ', names.Count * 2)}{block}");
        }

        return string.Join(NewLine, lines);
    }

    private string Removal(ValuePath path, EscNode parent, int index)
    {
        var (key, value) = (parent.Children[index].Key!, parent.Children[index].Value);
        if (parent.IsFlow)
        {
            return index + 1 < parent.Children.Count ? Splice(key.Start, parent.Children[index + 1].Key!.Start, "")
                : Splice(index > 0 ? parent.Children[index - 1].Value.End : key.Start, value.End, "");
        }

        var (start, end) = (LineStart(key.Start), value.IsBlockScalar ? value.End : LineEnd(value.End));
        if (!string.IsNullOrWhiteSpace(Text[start..key.Start]))
        {
            throw Unsafe(path);
        }

        // With the line's end before it, as it was put in; or, on the first line, the one behind it.
        var before = start > 0 ? LineEnd(start - (start > 1 && Text[start - 2] == '\r' ? 2 : 1)) : start;
        return start > 0 && !value.IsBlockScalar
            ? Splice(before, end, "")
            : Splice(start, end < Text.Length && !value.IsBlockScalar ? end + NewLine.Length : end, "");
    }

    /// <summary>The change, if it changed nothing else.</summary>
    private EscDocument Checked(string text, ValuePath path)
    {
        var prefix = "/"
            + string.Join(
                '/',
                path.Parts.Prepend((Name: Values, IsIndex: false))
                    .Select(part => part.IsIndex ? $"#{part.Name}" : EscNode.Escape(part.Name)));
        IEnumerable<(string, string)> Others(EscNode? root) => (root?.Leaves() ?? []).Where(leaf =>
            leaf.Path != prefix
                && !leaf.Path.StartsWith(prefix + "/", StringComparison.Ordinal)
                && !prefix.StartsWith(leaf.Path + "/", StringComparison.Ordinal)
                && leaf.Path.Length > 0);
        try
        {
            var changed = new EscDocument(text, EscNode.Parse(text));
            return Others(_root).SequenceEqual(Others(changed._root)) ? changed : throw Unsafe(path);
        }
        catch (YamlException)
        {
            throw Unsafe(path);
        }
    }

    private static EscDocumentException Unsafe(ValuePath path) =>
        new(
            $"The environment's definition is written in a way in which {path.Text} cannot be changed without touching something else. "
                + "Write that part in plain block style.");

    private string NewLine => Text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    private int LineStart(int at) => at == 0 ? 0 : Text.LastIndexOf('\n', at - 1) + 1;

    /// <summary>Where the line's own characters end: before \n or \r\n.</summary>
    private int LineEnd(int at)
    {
        var newline = Text.IndexOf('\n', at);
        return newline < 0 ? Text.Length : newline > at && Text[newline - 1] == '\r' ? newline - 1 : newline;
    }

    private string Splice(int start, int end, string text) => string.Concat(Text.AsSpan(0, start), text, Text.AsSpan(end));

    [GeneratedRegex(
        @"^(?!(?:true|false|null|yes|no|on|off|y|n)\z)[A-Za-z_][A-Za-z0-9_\-]*\z",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex NamePattern();
}

/// <summary>The document cannot be changed as asked. Nothing was; the message says what to do and holds no value.</summary>
internal sealed class EscDocumentException(string message) : OutcomeException(StepOutcome.Rejected(message));
