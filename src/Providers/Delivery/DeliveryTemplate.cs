using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Delivery;

/// <summary>
/// Text with placeholders for what is delivered: {value}, {username}, {secondary}, {fingerprint}, … with an encoding such as :url
/// behind the name, {values:join:,} for all values there are, and {(…):base64} for a text that is encoded as a whole. {{ and }} are
/// single braces.
/// </summary>
internal sealed class DeliveryTemplate
{
    public const string Help =
        "Placeholders: `{value}` (also `{password}`, `{primary}`), `{username}`, `{fingerprint}`, `{secondary}`, `{secondary.username}`, "
            + "`{secondary.fingerprint}`, `{salt}`, `{value.member}`; the secondary ones are empty while there is one value only. "
            + "`{values:join:,}` is all "
            + "values there are with a comma between them, and `{secondary?}` goes together with its separator where there is none. "
            + "Encodings stand behind the name, as in `{value:url}`, or behind a text as a whole, as in "
            + "`{({username}:{value}):base64}`: docs/templates.md. `{derived.NAME}` is what the secret has under `derived`. `{{` and `}}` "
            + "are single braces.";

    private readonly TemplateText _text;

    private DeliveryTemplate(TemplateText text) => _text = text;

    /// <exception cref="DeliveryException">A placeholder is unknown or not closed.</exception>
    public static DeliveryTemplate Parse(string text)
    {
        try
        {
            return new(TemplateText.Parse(text));
        }
        catch (FormatException problem)
        {
            throw new DeliveryException(problem.Message);
        }
    }

    /// <summary>False for what stands beside the value alone: its salt, its fingerprint, its user name, a second value.</summary>
    public bool HoldsValue => _text.AllParts.Any(part =>
        part is { Name: not null, Inner: null, IsSecondary: false } && part.Name is not ("username" or "fingerprint" or "salt"));

    /// <summary>The text with the values in it. Keep it local.</summary>
    /// <exception cref="DeliveryException">A value that is asked for does not exist, or is no text.</exception>
    public string Render(DeliveredValues values)
    {
        var texts = _text.Parts.Select(part => Rendered(part, values)).ToList();
        foreach (var (index, part) in _text.Parts.Index())
        {
            if (part.IsOptional && values.Secondary is null)
            {
                var (before, after) = _text.SeparatorOf(index);
                texts[index - 1] = texts[index - 1][..^before];
                texts[index + 1] = texts[index + 1][after..];
            }
        }

        return string.Concat(texts);
    }

    private static string Rendered(TemplatePart part, DeliveredValues values) => part switch
    {
        { Name: null } => part.Literal,
        { Inner: { } inner } => Encode(Encoding.UTF8.GetBytes(new DeliveryTemplate(inner).Render(values)), part),
        { Name: TemplatePart.All } =>
            string.Join(part.Separator, All(values).Select(credential => Encode(credential.Value.RevealBytes().ToArray(), part))),
        // An encoding that brings quotes brings none around what is not there.
        { IsSecondary: true } when values.Secondary is null => "",
        { Member: { } member } => Encode(MemberOf(values.Primary.Value, member), part),
        _ => Encode(Bytes(part.Name, values), part),
    };

    /// <summary>Of a value that is a JSON object: a vendor's pair, say.</summary>
    private static byte[] MemberOf(SecretValue value, string member)
    {
        try
        {
            if (JsonNode.Parse(value.RevealBytes()) is JsonObject json && json[member] is JsonValue found)
            {
                return Encoding.UTF8.GetBytes(found.TryGetValue<string>(out var text) ? text : found.ToJsonString());
            }
        }
        catch (JsonException)
        {
            // Said below: what the parser says may hold a piece of the value.
        }

        throw new DeliveryException(
            $"A template asks for {{value.{member}}}, but the value is no JSON object with that member. Correct the template.");
    }

    private static IEnumerable<DeliveredCredential> All(DeliveredValues values) =>
        values.Secondary is { } secondary ? [values.Primary, secondary] : [values.Primary];

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
        if (part.Modifier == TemplateEncoding.Base64)
        {
            return Convert.ToBase64String(bytes);
        }

        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return TemplateEncoding.Of(part.Modifier, text);
        }
        catch (ArgumentException)
        {
            throw new DeliveryException($"The value for {{{part.Name}}} is no text. Write {{{part.Name}:base64}} in the template.");
        }
    }
}

/// <summary>The delivery cannot work as it is set up. Nothing was written; the message says what to do and holds no value.</summary>
internal sealed class DeliveryException(string message) : OutcomeException(StepOutcome.Rejected(message));
