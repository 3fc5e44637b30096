using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rotunda.Testing.ApiContract;

/// <summary>An OpenAPI document, and whether answers are as it says.</summary>
public sealed class Contract
{
    private readonly JsonNode _document;
    private readonly SchemaCheck _schemas;

    public Contract(string document)
    {
        _document = JsonNode.Parse(document)!;
        _schemas = new SchemaCheck(_document);
    }

    /// <summary>Every route: method and pattern.</summary>
    public IEnumerable<(string Method, string Pattern)> Routes =>
        from path in _document["paths"]!.AsObject()
        from method in path.Value!.AsObject()
        select (method.Key.ToUpperInvariant(), path.Key);

    public JsonNode Operation(string method, string pattern) => _document["paths"]![pattern]![method.ToLowerInvariant()]!;

    public JsonNode Resolve(JsonNode schema) => schema["$ref"] is { } reference ? _schemas.Resolve((string)reference!) : schema;

    /// <summary>References that lead nowhere.</summary>
    public IEnumerable<string> BrokenReferences() => References(_document).Where(reference =>
    {
        try
        {
            return _schemas.Resolve(reference) is null;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    });

    /// <summary>What of an answer is not as the document says; empty if all is.</summary>
    public IReadOnlyList<string> Problems(string method, string pattern, int status, string? type, string body)
    {
        var answer = Operation(method, pattern)["responses"]![status.ToString(CultureInfo.InvariantCulture)];
        if (answer is null)
        {
            return [$"{method} {pattern}: {status} is not in the document: {Start(body)}"];
        }

        if (type is null || answer["content"]![type] is not { } content)
        {
            return [$"{method} {pattern}: {status} as {type ?? "nothing"} is not in the document: {Start(body)}"];
        }

        if (!type.EndsWith("json", StringComparison.Ordinal))
        {
            return [];
        }

        try
        {
            var problems = _schemas.Problems(JsonNode.Parse(body), content["schema"]);
            return [.. problems.Select(problem => $"{method} {pattern}: {status} {problem}")];
        }
        catch (JsonException)
        {
            return [$"{method} {pattern}: {status} is no JSON: {Start(body)}"];
        }
    }

    private static string Start(string body) => body.Length > 300 ? body[..300] : body;

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject rules => rules.SelectMany(part => part.Key == "$ref" ? [(string)part.Value!] : References(part.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };
}
