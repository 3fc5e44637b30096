using System.Text;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Delivery;

/// <summary>
/// Text with placeholders for what is delivered: {value}, {username}, {secondary}, {fingerprint}, … with :url or :base64 behind
/// the name. {{ and }} are single braces.
/// </summary>
internal sealed class DeliveryTemplate
{
    public const string Help =
        "Placeholders: `{value}` (also `{password}`, `{primary}`), `{username}`, `{fingerprint}`, `{secondary}`, `{secondary.username}`, "
            + "`{secondary.fingerprint}`, `{salt}`; `:url` percent-encodes and `:base64` encodes, as in `{value:url}`; `{{` and `}}` are "
            + "single braces. The secondary ones are empty while there is one value only.";

    private static readonly string[] Known =
        ["value", "password", "primary", "username", "fingerprint", "secondary", "secondary.username", "secondary.fingerprint", "salt"];

    private static readonly string[] Modifiers = ["url", "base64"];

    private readonly IReadOnlyList<Part> _parts;

    private DeliveryTemplate(IReadOnlyList<Part> parts) => _parts = parts;

    /// <exception cref="DeliveryException">A placeholder is unknown or not closed.</exception>
    public static DeliveryTemplate Parse(string text)
    {
        var parts = new List<Part>();
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
                    throw new DeliveryException("A template has a { that is not closed. Write {{ for a brace itself.");
                }

                parts.Add(new(literal.ToString(), null, null));
                literal.Clear();
                parts.Add(Placeholder(text[(i + 1)..end]));
                i = end;
            }
            else
            {
                literal.Append(text[i]);
            }
        }

        parts.Add(new(literal.ToString(), null, null));
        return new(parts);
    }

    /// <summary>The text with the values in it. Keep it local.</summary>
    /// <exception cref="DeliveryException">A value that is asked for does not exist, or is no text.</exception>
    public string Render(DeliveredValues values)
    {
        var text = new StringBuilder();
        foreach (var part in _parts)
        {
            text.Append(part.Name is null ? part.Literal : Encode(Bytes(part.Name, values), part));
        }

        return text.ToString();
    }

    private static Part Placeholder(string inside)
    {
        var colon = inside.IndexOf(':');
        var name = colon < 0 ? inside : inside[..colon];
        var modifier = colon < 0 ? null : inside[(colon + 1)..];
        if (!Known.Contains(name, StringComparer.Ordinal))
        {
            throw new DeliveryException(
                $"A template has the unknown placeholder {{{inside}}}. Known: "
                    + $"{string.Join(", ", Known.Select(known => $"{{{known}}}"))}. Write {{{{ for a brace itself.");
        }

        if (modifier is not null && !Modifiers.Contains(modifier, StringComparer.Ordinal))
        {
            throw new DeliveryException(
                $"The placeholder {{{inside}}} has an unknown modifier. Known: "
                    + $"{string.Join(", ", Modifiers.Select(known => ":" + known))}.");
        }

        return new("", name, modifier);
    }

    private static byte[] Bytes(string name, DeliveredValues values) => name switch
    {
        "username" => Username(values.Primary, name),
        "fingerprint" => Encoding.UTF8.GetBytes(values.Primary.Fingerprint),
        "secondary" => values.Secondary is { } secondary ? secondary.Value.RevealBytes().ToArray() : [],
        "secondary.username" => values.Secondary is { } secondary ? Username(secondary, name) : [],
        "secondary.fingerprint" => Encoding.UTF8.GetBytes(values.Secondary?.Fingerprint ?? ""),
        "salt" => Encoding.UTF8.GetBytes(values.Salt),
        _ => values.Primary.Value.RevealBytes().ToArray(),
    };

    private static byte[] Username(DeliveredCredential credential, string name) => credential.Username is { } username
        ? Encoding.UTF8.GetBytes(username)
        : throw new DeliveryException(
            $"A template asks for {{{name}}}, but this secret's credentials have no user name. Write the name itself into the template.");

    private static string Encode(byte[] bytes, Part part)
    {
        if (part.Modifier == "base64")
        {
            return Convert.ToBase64String(bytes);
        }

        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return part.Modifier == "url" ? Uri.EscapeDataString(text) : text;
        }
        catch (ArgumentException)
        {
            throw new DeliveryException($"The value for {{{part.Name}}} is no text. Write {{{part.Name}:base64}} in the template.");
        }
    }

    private sealed record Part(string Literal, string? Name, string? Modifier);
}

/// <summary>The delivery cannot work as it is set up. Nothing was written; the message says what to do and holds no value.</summary>
internal sealed class DeliveryException(string message) : OutcomeException(StepOutcome.Rejected(message));
