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

    private readonly IReadOnlyList<TemplatePart> _parts;

    private DeliveryTemplate(IReadOnlyList<TemplatePart> parts) => _parts = parts;

    /// <exception cref="DeliveryException">A placeholder is unknown or not closed.</exception>
    public static DeliveryTemplate Parse(string text)
    {
        try
        {
            return new(TemplateText.Parse(text).Parts);
        }
        catch (FormatException problem)
        {
            throw new DeliveryException(problem.Message);
        }
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

    private static string Encode(byte[] bytes, TemplatePart part)
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
}

/// <summary>The delivery cannot work as it is set up. Nothing was written; the message says what to do and holds no value.</summary>
internal sealed class DeliveryException(string message) : OutcomeException(StepOutcome.Rejected(message));
