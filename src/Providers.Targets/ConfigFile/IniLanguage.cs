using System.Text.RegularExpressions;
using Rotunda.Providers.Delivery;

namespace Rotunda.Providers.Targets.ConfigFile;

/// <summary>INI, of which there is no one rule: what its readers do not read alike is refused.</summary>
internal sealed partial class IniLanguage : ConfigLanguage
{
    public override string Name => "ini";

    public override bool IsBytewise => true;

    public override ValuePath PathOf(string path) =>
        base.PathOf(path) is { Parts.Count: <= 2 } parsed && !parsed.Parts.Any(part => part.IsIndex)
        ? parsed
        : throw new DeliveryException(
            $"'{path}' is no path in an INI file. Write section.key, [\"section.with.dots\"].key, "
                + "or key alone for one above all sections.");

    public override string Write(string text, ConfigNode node, string path, string value)
    {
        var problem = value.AsSpan().ContainsAnyInRange('\0', '\u001f') ? "control characters or line breaks"
            : value.Contains('\\', StringComparison.Ordinal) ? "a backslash"
            : value.Contains('%', StringComparison.Ordinal) ? "a % (a variable for some)"
            : value.Contains("${", StringComparison.Ordinal) ? "${ (a variable for some)"
            : node.Style != ' ' ? (value.Contains(node.Style, StringComparison.Ordinal) ? $"a {node.Style}, which stands around it" : null)
            : value.AsSpan().ContainsAny(';', '#') ? "a semicolon or # (a comment for some)"
            : value.Trim() != value ? "blanks at an end"
            : value is ['"' or '\'', ..] ? "a quote at its beginning" : null;
        return problem is null
            ? node.Style == ' ' ? value : $"{node.Style}{value}{node.Style}"
            : throw new DeliveryException(
                $"The value for {path} has {problem}, which readers of INI files do not read alike. Write {{value:base64}} in the "
                    + "template, or take such characters out of the policy's alphabet.");
    }

    protected override ConfigNode Parse(string text)
    {
        var root = new ConfigNode(ConfigKind.Map, 0, text.Length) { LinesAt = 0 };
        var section = root;
        for (var at = 0; at < text.Length; at = LineEnd(text, at))
        {
            var line = text[at..LineEnd(text, at)].TrimEnd('\r', '\n');
            if (Section().Match(line) is { Success: true } head)
            {
                var name = head.Groups["name"].Value.Trim();
                if (root.Entries.Find(entry => entry.Name == name && entry.Node.Kind == ConfigKind.Map) is not { } known)
                {
                    known = new ConfigEntry(
                        name, at, new ConfigNode(ConfigKind.Map, at, at + line.Length) { LinesAt = LineEnd(text, at) });
                    root.Entries.Add(known);
                }

                section = known.Node;
            }
            else if (Assignment().Match(line) is { Success: true } match)
            {
                section.Entries.Add(new ConfigEntry(match.Groups["key"].Value, at, Value(text, at, line, match.Groups["value"])));
            }
        }

        return root;
    }

    protected override string Insert(
        string text, IReadOnlyList<ConfigNode> parents, IReadOnlyList<string> rest, string path, string value)
    {
        var equals = Spaced().IsMatch(text) || text.Length == 0 ? " = " : "=";
        if (rest.Any(name => name.Length == 0 || name != name.Trim() || name.IndexOfAny(['=', ':', '[', ']', '\n', '\r', ';', '#']) >= 0))
        {
            throw new DeliveryException($"{path} cannot be added: a name with such characters is not read alike. Put it there by hand.");
        }

        var newLine = NewLineOf(text);
        var line = $"{rest[^1]}{equals}{Write(text, new ConfigNode(ConfigKind.Scalar, 0, 0), path, value)}{newLine}";
        if (rest.Count == 1)
        {
            var at = parents[^1].LinesAt!.Value;
            return text.Insert(at, at > 0 && text[at - 1] != '\n' ? newLine + line : line);
        }

        return text + (text.Length > 0 && !text.EndsWith('\n') ? newLine : "") + $"[{rest[0]}]{newLine}{line}";
    }

    protected override string Cut(string text, ConfigNode map, int index)
    {
        var entry = map.Entries[index];
        return text.Remove(entry.Start, LineEnd(text, entry.Node.End) - entry.Start);
    }

    private static ConfigNode Value(string text, int lineAt, string line, Group value)
    {
        var raw = value.Value.TrimEnd();
        var start = lineAt + value.Index;
        if (Quotes().Match(raw) is { Success: true } quoted)
        {
            return new ConfigNode(ConfigKind.Scalar, start, start + quoted.Groups["all"].Length)
            {
                Text = quoted.Groups["text"].Value, Style = raw[0], Fixed = Continued(text, lineAt, line),
            };
        }

        return new ConfigNode(ConfigKind.Scalar, start, start + raw.Length)
        {
            Text = raw,
            Fixed = Continued(text, lineAt, line)
                ?? (Comment().IsMatch(raw) ? "has a comment behind it, which some readers take for a part of the value. Put it above"
                    : raw is ['"' or '\'', ..] ? "begins with a quote that is not closed at its end, or has one within. Correct it" : null),
        };
    }

    /// <summary>Python, for one, takes a line that is indented more for a part of the value.</summary>
    private static string? Continued(string text, int lineAt, string line)
    {
        var next = LineEnd(text, lineAt);
        var following = text[next..LineEnd(text, next < text.Length ? next : text.Length)].TrimEnd('\r', '\n');
        return line.EndsWith('\\') || (following.Trim().Length > 0 && following.TrimStart()[0] is not (';' or '#' or '[')
                && Indent(following) > Indent(line))
            ? "goes over several lines for some readers. Write it on one, and what follows without a blank in front"
            : null;
    }

    private static int Indent(string line) => line.Length - line.TrimStart().Length;

    [GeneratedRegex(@"^\s*\[(?<name>[^\]]*)\]\s*(?:[;#].*)?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Section();

    [GeneratedRegex(
        @"^\s*(?<key>[^=:\s\[#;](?:[^=:]*[^=:\s])?)\s*[=:][ \t]*(?<value>.*)\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Singleline,
        1000)]
    private static partial Regex Assignment();

    [GeneratedRegex(
        @"^(?<all>(?<quote>[""'])(?<text>(?:(?!\k<quote>)[^\\])*)\k<quote>)(?:\s+[;#].*)?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex Quotes();

    [GeneratedRegex(@"(?:^|\s)[;#]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^[^=\n#;]*[ \t]=[ \t]", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Spaced();
}
