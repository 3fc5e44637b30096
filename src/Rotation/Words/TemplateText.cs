using System.Text;

namespace Rotunda.Rotation.Words;

/// <summary>
/// The template of what a target gets: {value}, {username}, {secondary}, {fingerprint}, … with :url or :base64 behind the name. {{ and
/// }} are single braces.
/// </summary>
public sealed class TemplateText
{
    private static readonly string[] Known =
        ["value", "password", "primary", "username", "fingerprint", "secondary", "secondary.username", "secondary.fingerprint", "salt"];

    private static readonly string[] Modifiers = ["url", "base64"];

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

    private static TemplatePart Placeholder(string inside)
    {
        var colon = inside.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? inside : inside[..colon];
        var modifier = colon < 0 ? null : inside[(colon + 1)..];
        if (!Known.Contains(name, StringComparer.Ordinal))
        {
            throw new FormatException(
                $"A template has the unknown placeholder {{{inside}}}. Known: "
                    + $"{string.Join(", ", Known.Select(known => $"{{{known}}}"))}. Write {{{{ for a brace itself.");
        }
        if (modifier is not null && !Modifiers.Contains(modifier, StringComparer.Ordinal))
        {
            throw new FormatException(
                $"The placeholder {{{inside}}} has an unknown modifier. Known: "
                    + $"{string.Join(", ", Modifiers.Select(known => ":" + known))}.");
        }
        return new("", name, modifier);
    }
}
