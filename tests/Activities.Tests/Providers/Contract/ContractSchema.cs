using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rotunda.Activities.Tests.Providers.Contract;

/// <summary>The published schema, and as much of JSON Schema as it uses.</summary>
internal static class ContractSchema
{
    private static readonly JsonObject Schema = JsonNode.Parse(File.ReadAllText(PathOf("docs/exec-contract.schema.json")))!.AsObject();

    public static IEnumerable<string> Operations =>
        Schema["definitions"]!["request"]!["oneOf"]!.AsArray().Select(branch => (string)branch!["properties"]!["operation"]!["const"]!);

    public static string PathOf(string file, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../..", file));

    /// <summary>What is wrong with it; null if nothing is.</summary>
    public static string? WhyNoRequest(JsonNode? json)
    {
        var operation = (string?)json?["operation"];
        var branch = Schema["definitions"]!["request"]!["oneOf"]!.AsArray()
            .FirstOrDefault(b => (string?)b!["properties"]!["operation"]!["const"] == operation);
        return branch is null ? $"there is no operation '{operation}'" : Problem(branch.AsObject(), json, "request");
    }

    public static string? WhyNoAnswer(JsonNode? json) => Problem(Schema["definitions"]!["answer"]!.AsObject(), json, "answer");

    private static string? Problem(JsonObject schema, JsonNode? json, string at)
    {
        if (schema["$ref"] is { } reference)
        {
            return Problem(Schema["definitions"]![((string)reference!)["#/definitions/".Length..]]!.AsObject(), json, at);
        }

        if (schema["oneOf"] is JsonArray branches)
        {
            return branches.Count(branch => Problem(branch!.AsObject(), json, at) is null) == 1 ? null : $"{at} fits not exactly one form";
        }

        if (schema.TryGetPropertyValue("const", out var expected) && !JsonNode.DeepEquals(expected, json))
        {
            return $"{at} is not {expected}";
        }

        if (schema["enum"] is JsonArray all && !all.Any(one => JsonNode.DeepEquals(one, json)))
        {
            return $"{at} is none of {all.ToJsonString()}";
        }

        if (schema["type"] is { } type
            && !(type is JsonArray types
                ? types.Select(t => (string)t!)
                : [(string)type!]).Any(t => t == TypeOf(json) || (t == "number" && TypeOf(json) == "integer")))
        {
            return $"{at} is a {TypeOf(json)}";
        }

        return schema["minimum"] is { } least && (int)json! < (int)least! ? $"{at} is less than {least}"
            : json is JsonObject map ? Members(schema, map, at)
            : json is JsonArray list
                && schema["items"] is JsonObject items ? list.Select((item, i) => Problem(items, item, $"{at}[{i}]"))
                    .FirstOrDefault(p => p is not null)
            : null;
    }

    private static string? Members(JsonObject schema, JsonObject map, string at)
    {
        if (schema["required"] is JsonArray required && required.FirstOrDefault(name => !map.ContainsKey((string)name!)) is { } missing)
        {
            return $"{at} lacks {missing}";
        }

        foreach (var (name, value) in map)
        {
            var member = schema["properties"]?[name] ?? schema["additionalProperties"];
            var problem = member is JsonObject known
                ? Problem(known, value, $"{at}.{name}")
                : member is JsonValue refused && !(bool)refused ? $"{at} has an unknown {name}" : null;
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private static string TypeOf(JsonNode? json) => json?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => json.ToJsonString().All(char.IsAsciiDigit) ? "integer" : "number",
        _ => "boolean",
    };
}
