using System.Text;

namespace Rotunda.Rotation.Words;

/// <summary>
/// The template of what a target gets: {value}, {username}, {secondary}, {fingerprint}, … with an encoding such as :url behind the
/// name, and {values:join:,} for all values there are. {{ and }} are single braces.
/// </summary>
public sealed class TemplateText
{
    private static readonly string[] Known =
        ["value", "password", "primary", "username", "fingerprint", "secondary", "secondary.username", "secondary.fingerprint", "salt"];

    private const string Join = "join:";

    /// <summary>What stands between two values of a list.</summary>
    private const string Separators = ",;|\n";

    private TemplateText(IReadOnlyList<TemplatePart> parts) => Parts = parts;

    public IReadOnlyList<TemplatePart> Parts { get; }

    /// <exception cref="FormatException">A placeholder is unknown or not closed.</exception>
    public static TemplateText Parse(string text)
    {
        var parts = new List<TemplatePart>();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i])
            {
                literal.Append(text[i]);
                i++;
            }
            else if (text[i] == '{')
            {
                var end = text.IndexOf('}', i);
                if (end < 0)
                {
                    throw new FormatException("A template has a { that is not closed. Write {{ for a brace itself.");
                }
                parts.Add(new(literal.ToString()));
                literal.Clear();
                parts.Add(Placeholder(text[(i + 1)..end]));
                i = end;
            }
            else
            {
                literal.Append(text[i]);
            }
        }
        parts.Add(new(literal.ToString()));
        return new(parts);
    }

    /// <summary>
    /// The separator that goes with a placeholder: how many characters at the end of the literal before it, or else at the start of the
    /// one behind it. Zero and zero if it stands alone or has a name of its own.
    /// </summary>
    /// <param name="index">Of the placeholder in <see cref="Parts"/>.</param>
    public (int Before, int After) SeparatorOf(int index)
    {
        // Literals, perhaps empty ones, and placeholders take turns.
        var before = Parts[index - 1].Literal;
        if (index > 1 && IsSeparator(before))
        {
            return (before.Length, 0);
        }
        var run = before.Length - before.TrimEnd([.. Separators, ' ']).Length;
        if (run > 0 && before.AsSpan(before.Length - run).ContainsAny(Separators))
        {
            return (run, 0);
        }
        var after = Parts[index + 1].Literal;
        return index == 1 && index + 2 < Parts.Count && IsSeparator(after) ? (0, after.Length) : (0, 0);
    }

    /// <summary>Nothing in it could be a name.</summary>
    private static bool IsSeparator(string literal) =>
        literal.Length > 0 && !literal.Any(symbol => char.IsLetterOrDigit(symbol) || symbol is '=' or '{' or '}');

    private static TemplatePart Placeholder(string inside)
    {
        var colon = inside.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? inside : inside[..colon];
        var modifier = colon < 0 ? null : inside[(colon + 1)..];
        if (name == TemplatePart.All)
        {
            return Joined(inside, modifier ?? "");
        }
        var isOptional = name.StartsWith("secondary", StringComparison.Ordinal) && name.EndsWith('?');
        name = isOptional ? name[..^1] : name;
        if (name.StartsWith(TemplatePart.MemberOf, StringComparison.Ordinal) && name.Length > TemplatePart.MemberOf.Length)
        {
            return new("", "value", Modifier(inside, modifier)) { Member = name[TemplatePart.MemberOf.Length..] };
        }
        if (!Known.Contains(name, StringComparer.Ordinal))
        {
            throw new FormatException(
                $"A template has the unknown placeholder {{{inside}}}. Known: "
                    + $"{string.Join(", ", Known.Select(known => $"{{{known}}}"))}, {{secondary?}}, {{value.member}}, {{values:join:,}}. "
                    + "Write {{ for a brace itself.");
        }
        return new("", name, Modifier(inside, modifier)) { IsOptional = isOptional };
    }

    /// <summary>All values, the first one first: {values:join:,} or, each encoded, {values:url:join:,}.</summary>
    private static TemplatePart Joined(string inside, string rest)
    {
        var at = rest.IndexOf(Join, StringComparison.Ordinal);
        if (at < 0 || (at > 0 && rest[at - 1] != ':') || rest.Length == at + Join.Length)
        {
            throw new FormatException(
                $"The placeholder {{{inside}}} does not say what stands between two values. Write {{values:join:,}}.");
        }
        return new("", TemplatePart.All, Modifier(inside, at == 0 ? null : rest[..(at - 1)])) { Separator = rest[(at + Join.Length)..] };
    }

    private static string? Modifier(string inside, string? modifier) =>
        modifier is null || TemplateEncoding.Names.Contains(modifier, StringComparer.Ordinal)
            ? modifier
            : throw new FormatException(
                $"The placeholder {{{inside}}} has an unknown modifier. Known: "
                    + $"{string.Join(", ", TemplateEncoding.Names.Select(known => ":" + known))}.");
}
