using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Custom.Rest;

/// <summary>
/// A request as the catalog writes it, with names in braces for what each call fills in. What is filled in can lead nowhere else: in a path
/// it is escaped, and a body is read as JSON first, so that it stays a text in its place. There are no conditions and no loops.
/// </summary>
/// <param name="values">By name.</param>
internal sealed partial class RestTemplate(IReadOnlyDictionary<string, string> values)
{
    /// <exception cref="OutcomeException">It is none, or names what is not known.</exception>
    public VendorPath Path(string template)
    {
        var text = template.TrimStart('/');
        if (template.StartsWith("//", StringComparison.Ordinal) || !IsPath(text))
        {
            throw Wrong(template, "is no path below the API's address");
        }

        var path = new VendorPath(text.Length, 0);
        foreach (var (literal, name) in Parts(template, text))
        {
            if (name is null)
            {
                path.AppendLiteral(literal);
            }
            else
            {
                path.AppendFormatted(values[name]);
            }
        }

        return path;
    }

    /// <returns>Null for none.</returns>
    /// <exception cref="OutcomeException">It is no JSON object, or names what is not known.</exception>
    public JsonObject? Body(string? template)
    {
        if (template is null)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(template) is JsonObject body
                ? (JsonObject)Filled(body)!
                : throw Wrong(template, "is no JSON object");
        }
        catch (Exception problem) when (problem is JsonException or ArgumentException)
        {
            throw Wrong(template, "is no JSON object");
        }
    }

    private JsonNode? Filled(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(member => KeyValuePair.Create(member.Key, Filled(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Filled)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => JsonValue.Create(Fill(value.GetValue<string>())),
        _ => node?.DeepClone(),
    };

    private string Fill(string text) =>
        string.Concat(Parts(text, text).Select(part => part.Name is null ? part.Literal : values[part.Name]));

    private IEnumerable<(string Literal, string? Name)> Parts(string template, string text)
    {
        var from = 0;
        foreach (var match in Braces().Matches(text).Cast<Match>())
        {
            yield return (text[from..match.Index], null);
            from = match.Index + match.Length;
            var name = match.Groups["name"].Value;
            if (match.Value is "{{" or "}}")
            {
                yield return (match.Value[..1], null);
            }
            else if (name.Length == 0 || !values.ContainsKey(name))
            {
                throw Wrong(
                    template,
                    $"has {match.Value}, which is not known here. Known: {string.Join(", ", values.Keys.Select(k => $"{{{k}}}"))}");
            }
            else
            {
                yield return ("", name);
            }
        }

        yield return (text[from..], null);
    }

    /// <summary>Relative, and staying below where it begins.</summary>
    private static bool IsPath(string text)
    {
        var segments = text.Split('?')[0].Split('/');
        return text.Length > 0
            && !text.Any(symbol => symbol is '\\' or '#' or <= ' ' or >= '\x7f')
            && !segments[0].Contains(':', StringComparison.Ordinal)
            && segments.All(segment => segment is not ("." or ".."))
            && !segments.SkipLast(1).Contains("");
    }

    private static OutcomeException Wrong(string template, string how) =>
        new(StepOutcome.Rejected($"The template '{template}' {how}. Correct it in the settings."));

    [GeneratedRegex(@"\{\{|\}\}|\{(?<name>[A-Za-z][A-Za-z0-9]*)\}|\{|\}", RegexOptions.None, 1000)]
    private static partial Regex Braces();
}
