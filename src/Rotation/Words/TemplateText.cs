using System.Text;

namespace Rotunda.Rotation.Words;

/// <summary>
/// The template of what a target gets: {value}, {username}, {secondary}, {fingerprint}, … with an encoding such as :url behind the
/// name, {values:join:,} for all values there are, and {(…):base64} for a text that is encoded as a whole. {{ and }} are single braces.
/// </summary>
public sealed class TemplateText
{
    private static readonly string[] Known =
        ["value", "password", "primary", "username", "fingerprint", "secondary", "secondary.username", "secondary.fingerprint", "salt"];

    private const string Join = "join:";
    private const int MostDeep = 32;

    /// <summary>What {secret.NAME} begins with, which nobody gets.</summary>
    private const string OtherSecret = "secret.";

    /// <summary>What stands between two values of a list.</summary>
    private const string Separators = ",;|\n";

    private TemplateText(IReadOnlyList<TemplatePart> parts) => Parts = parts;

    public IReadOnlyList<TemplatePart> Parts { get; }

    /// <summary>The parts, and those of the texts within.</summary>
    public IEnumerable<TemplatePart> AllParts =>
        Parts.SelectMany(part => part.Inner is { } inner ? inner.AllParts.Prepend(part) : [part]);

    /// <summary>Whether a value stands in it, and not names and fingerprints alone.</summary>
    public bool HoldsValue => Parts.Any(part => part.IsValue);

    /// <exception cref="FormatException">A placeholder is unknown or not closed.</exception>
    public static TemplateText Parse(string text)
    {
        var at = 0;
        return Read(text, ref at, depth: 0).Template;
    }

    /// <param name="at">Where it begins; then the brace that closes the text within.</param>
    private static (TemplateText Template, string? Modifier) Read(string text, ref int at, int depth)
    {
        var isWithin = depth > 0;
        if (depth > MostDeep)
        {
            throw new FormatException($"A template has more than {MostDeep} texts within each other. Write it with fewer {{(…)}}.");
        }
        var parts = new List<TemplatePart>();
        var literal = new StringBuilder();
        for (var i = at; i < text.Length; i++)
        {
            if (isWithin && EndOfWhole(text, i) is { } end)
            {
                parts.Add(new(literal.ToString()));
                at = end;
                return (new(parts), end == i + 1 ? null : text[(i + 2)..end]);
            }
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i])
            {
                literal.Append(text[i]);
                i++;
            }
            else if (text[i] == '{' && i + 1 < text.Length && text[i + 1] == '(')
            {
                parts.Add(new(literal.ToString()));
                literal.Clear();
                i += 2;
                var (inner, modifier) = Read(text, ref i, depth + 1);
                parts.Add(new("", TemplatePart.Whole, Modifier($"(…):{modifier}", modifier)) { Inner = inner });
            }
            else if (text[i] == '{')
            {
                var close = text.IndexOf('}', i);
                if (close < 0)
                {
                    throw new FormatException("A template has a { that is not closed. Write {{ for a brace itself.");
                }
                parts.Add(new(literal.ToString()));
                literal.Clear();
                parts.Add(Placeholder(text[(i + 1)..close]));
                i = close;
            }
            else
            {
                literal.Append(text[i]);
            }
        }
        if (isWithin)
        {
            throw new FormatException("A template has a {( that is not closed. Write {(…):base64} with the encoding of the whole text.");
        }
        parts.Add(new(literal.ToString()));
        return (new(parts), null);
    }

    /// <summary>The brace that closes a text within, if that ends at the index: ")}" or "):base64}". Two braces are one brace of the
    /// text.</summary>
    private static int? EndOfWhole(string text, int index)
    {
        if (text[index] != ')')
        {
            return null;
        }
        var brace = index + 1;
        if (brace < text.Length && text[brace] == ':')
        {
            brace++;
            while (brace < text.Length && char.IsAsciiLetterOrDigit(text[brace]))
            {
                brace++;
            }
        }
        var braces = text.AsSpan(brace).IndexOfAnyExcept('}') is var other && other < 0 ? text.Length - brace : other;
        return braces % 2 == 1 ? brace : null;
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
        if (name.StartsWith(OtherSecret, StringComparison.Ordinal))
        {
            throw new FormatException(
                $"A template takes what its own secret has, so {{{inside}}} is refused: with values of two secrets in one text, a rotation "
                    + "of one would write what the other had before, and its way back would bring back what has ended since. Write a name "
                    + "that does not rotate as it is, or let one provider rotate both ({username} and {value}).");
        }
        if (!Known.Contains(name, StringComparer.Ordinal))
        {
            throw new FormatException(
                $"A template has the unknown placeholder {{{inside}}}. Known: "
                    + $"{string.Join(", ", Known.Select(known => $"{{{known}}}"))}, {{secondary?}}, {{value.member}}, "
                    + "{values:join:,}, and {derived.NAME} where the "
                    + "secret has \"derived\". "
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
        modifier == TemplateEncoding.Uri ? TemplateEncoding.Url
            : modifier is null || TemplateEncoding.Names.Contains(modifier, StringComparer.Ordinal) ? modifier
            : throw new FormatException(
                $"The placeholder {{{inside}}} has an unknown modifier. Known: "
                    + $"{string.Join(", ", TemplateEncoding.Names.Select(known => ":" + known))}.");
}
