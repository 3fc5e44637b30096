using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rotunda.Testing.ApiContract;

/// <summary>Holds JSON against a schema of an OpenAPI document: as much of JSON Schema as the document uses. An object whose members are
/// listed may have no others.</summary>
internal sealed class SchemaCheck(JsonNode document)
{
    /// <summary>What does not fit, with where it is; empty if all does.</summary>
    public IEnumerable<string> Problems(JsonNode? value, JsonNode? schema, string at = "$") => schema switch
    {
        JsonObject rules when rules["$ref"] is { } reference => Problems(value, Resolve((string)reference!), at),
        JsonObject rules => ByRules(value, rules, at),
        JsonValue all when !(bool)all => [$"{at}: nothing may be here"],
        _ => [],
    };

    /// <exception cref="InvalidDataException">It leads nowhere.</exception>
    public JsonNode Resolve(string reference) => reference.Split('/').Skip(1).Aggregate(
        document,
        (node, step) => (node is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : node[step])
            ?? throw new InvalidDataException($"{reference} leads nowhere."));

    private IEnumerable<string> ByRules(JsonNode? value, JsonObject rules, string at)
    {
        var kind = KindOf(value);
        if (rules["type"] is { } type && !Types(type).Any(one => one == kind || one == "number" && kind == "integer"))
        {
            return [$"{at}: is {kind}, not {type.ToJsonString()}"];
        }

        return
        [
            .. rules["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value))
                ? new[] { $"{at}: {value?.ToJsonString() ?? "null"} is none of {words.ToJsonString()}" }
                : [],
            .. (rules["allOf"] as JsonArray ?? []).SelectMany(part => Problems(value, part, at)),
            .. rules["anyOf"] is JsonArray any && !any.Any(part => !Problems(value, part, at).Any()) ? new[] { $"{at}: fits none" } : [],
            .. value is JsonObject members ? Members(members, rules, at) : [],
            .. value is JsonArray items && rules["items"] is { } item
                ? items.SelectMany((one, index) => Problems(one, item, $"{at}[{index}]"))
                : [],
        ];
    }

    private IEnumerable<string> Members(JsonObject members, JsonObject rules, string at)
    {
        var known = rules["properties"] as JsonObject;
        foreach (var name in rules["required"] as JsonArray ?? [])
        {
            if (!members.ContainsKey((string)name!))
            {
                yield return $"{at}.{name}: is missing";
            }
        }

        foreach (var (name, value) in members)
        {
            var schema = known?[name] ?? rules["additionalProperties"];
            if (schema is null && known is not null && rules.ContainsKey("type"))
            {
                yield return $"{at}.{name}: is not in the document";
            }

            foreach (var problem in Problems(value, schema, $"{at}.{name}"))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> Types(JsonNode type) => type is JsonArray list ? list.Select(one => (string)one!) : [(string)type!];

    private static string KindOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.String => "string",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => value.ToJsonString().All(c => char.IsAsciiDigit(c) || c == '-') ? "integer" : "number",
    };
}
