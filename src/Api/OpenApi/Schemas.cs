using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using Rotunda.Api.Views;

namespace Rotunda.Api.OpenApi;

/// <summary>The JSON schemas of bodies and answers, from the contracts that write and read them.</summary>
internal sealed class Schemas
{
    private const string Place = "#/components/schemas/";

    private static readonly JsonSerializerOptions Options = new(ApiJson.Default.Options)
    {
        TypeInfoResolver = ApiJson.Default,
        NumberHandling = JsonNumberHandling.Strict,
    };

    private static readonly JsonSchemaExporterOptions Exporter = new() { TreatNullObliviousAsNonNullable = true };

    /// <summary>Those that were asked for.</summary>
    public JsonObject All { get; } = [];

    /// <param name="closed">True for bodies: members that are not known are refused.</param>
    public JsonObject ReferTo(Type type, bool closed = false)
    {
        if (!All.ContainsKey(type.Name))
        {
            var schema = JsonSchemaExporter.GetJsonSchemaAsNode(Options, type, Exporter);
            Mend(schema, Place + type.Name);
            if (schema is JsonObject top)
            {
                top["type"] = "object";
                if (closed)
                {
                    top["additionalProperties"] = false;
                }
            }

            All[type.Name] = schema;
        }

        return new JsonObject { ["$ref"] = Place + type.Name };
    }

    /// <summary>A member that may be null is left out where it is; references are told from the document's root.</summary>
    private static void Mend(JsonNode? node, string root)
    {
        if (node is JsonArray list)
        {
            foreach (var one in list)
            {
                Mend(one, root);
            }
        }

        if (node is not JsonObject schema)
        {
            return;
        }

        if (schema["$ref"] is JsonValue reference && (string)reference! is ['#', .. var path])
        {
            schema["$ref"] = root + path;
        }

        foreach (var (_, part) in schema)
        {
            Mend(part, root);
        }

        if (schema["required"] is JsonArray required && schema["properties"] is JsonObject members)
        {
            foreach (var name in required.Where(name => TakesNull(members[(string)name!], root)).ToList())
            {
                required.Remove(name);
            }
        }
    }

    /// <summary>Also where a schema leads elsewhere or is open: nothing says there that it has a value.</summary>
    private static bool TakesNull(JsonNode? schema, string root) =>
        schema is not JsonObject member
        || !member.ContainsKey("type") && !member.ContainsKey("enum")
        || member["type"] is JsonArray types && types.Any(type => (string?)type == "null")
        || member["enum"] is JsonArray words && words.Any(word => word is null);
}
