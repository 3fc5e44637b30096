using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Schemas;

/// <summary>
/// The JSON schema of the catalog, for editors: completion, descriptions and most mistakes while typing. The reader stays the
/// judge. Draft 7, as that is what the YAML plug-ins of editors understand best.
/// </summary>
public static class CatalogSchema
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Generate(IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
    {
        var all = descriptors.Values.OrderBy(d => d.Id, StringComparer.Ordinal).ToList();
        return new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Rotunda catalog",
            ["description"] = "How each secret is rotated.",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = new JsonArray("version"),
            ["anyOf"] = new JsonArray(Required("secrets"), Required("include")),
            ["properties"] = new JsonObject
            {
                ["version"] = Version(),
                ["include"] = CatalogSchemaParts.Include(),
                ["stores"] = Named("Where values are kept, beside the stores that come with the head, by name.", Ref("storage")),
                ["groups"] = Named("Secrets of which only some may rotate at once, by name.", ScheduleSchema.Group()),
                ["teams"] = Named("Who is in a team, by its name.", CatalogSchemaParts.Names("People.")),
                ["readersSee"] = CatalogSchemaParts.Choice(
                    "What those are told whose roles are for some secrets only: the names of all, or of these alone (own). Default: all.",
                    CatalogWords.ReadersSee.Keys),
                ["notices"] = NoticesSchema.Notices(),
                ["leaks"] = LeaksSchema.Of(),
                ["defaults"] = Defaults(),
                ["secrets"] = Named("The secrets, by name.", Ref("secret")),
            },
            ["definitions"] = new JsonObject
            {
                ["name"] = new JsonObject { ["pattern"] = CatalogWords.NamePattern },
                ["duration"] = new JsonObject
                {
                    ["type"] = "string",
                    ["pattern"] = DurationText.Pattern,
                    ["examples"] = new JsonArray("30s", "15m", "2h", "7d", "1d12h"),
                },
                ["frequency"] = ScheduleSchema.Frequency(),
                ["reference"] = new JsonObject
                {
                    ["type"] = "string",
                    ["pattern"] = "^(env|file|store|key-vault):.+",
                    ["description"] = $"Where the secret can be read: {SecretReference.Forms}.",
                },
                ["store"] = new JsonObject
                {
                    ["type"] = "string",
                    ["pattern"] = CatalogWords.NamePattern,
                    ["description"] = "Where the values are kept: a name under \"stores\", or a store that comes with the head (embedded, "
                        + "key-vault). Default: the head's, in the server embedded.",
                },
                ["storage"] = ProviderSchema.Of("A place that keeps values.", all.Where(d => d.CanBeStore)),
                ["channel"] = ProviderSchema.Of(
                    "A way to tell people something.", all.Where(d => d.CanBeChannel), NoticesSchema.OwnKeysOfChannel),
                ["window"] = CatalogSchemaParts.Window("When scheduled rotations may start. Left out: always."),
                ["approval"] = CatalogSchemaParts.Approval(),
                ["onDrift"] = CatalogSchemaParts.OnDrift(),
                ["retry"] = CatalogSchemaParts.Retry(),
                ["secret"] = CatalogSchemaParts.Secret(),
                ["provider"] = ProviderSchema.Of("The system that issues or takes the credential.", all.Where(d => d.CanBeProvider)),
                ["target"] = ProviderSchema.Of(
                    "Where a new value is delivered.",
                    all.Where(d => d.CanBeTarget),
                    CatalogSchemaParts.OwnKeysOfTarget),
                ["consumer"] = ProviderSchema.Of(
                    "Who uses the credential: restarted and checked.",
                    all.Where(d => d.CanBeConsumer),
                    CatalogSchemaParts.OwnKeysOfConsumer),
            },
        };
    }

    /// <summary>As it is kept in the repository.</summary>
    public static string GenerateText(IReadOnlyDictionary<string, ProviderDescriptor> descriptors) =>
        TextOf(Generate(descriptors));

    /// <summary>That of an included file. It rests on the catalog's own, which lies beside it.</summary>
    public static JsonObject GenerateIncluded()
    {
        static JsonObject Beside(string path) => new() { ["$ref"] = $"rotunda.schema.json#/{path}" };

        return new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Rotunda catalog, included file",
            ["description"] = "How each secret is rotated: one file of several.",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = new JsonArray("secrets"),
            ["properties"] = new JsonObject
            {
                ["version"] = Version(),
                ["defaults"] = new JsonObject
                {
                    ["description"] = "What holds for the secrets of this file that do not say otherwise, over the catalog's defaults.",
                    ["allOf"] = new JsonArray(Beside("properties/defaults")),
                },
                ["secrets"] = new JsonObject
                {
                    ["type"] = "object",
                    ["description"] = "The secrets, by name.",
                    ["propertyNames"] = Beside("definitions/name"),
                    ["additionalProperties"] = Beside("definitions/secret"),
                },
            },
        };
    }

    /// <summary>As it is kept in the repository.</summary>
    public static string GenerateIncludedText() => TextOf(GenerateIncluded());

    internal static JsonObject Ref(string definition) => new() { ["$ref"] = $"#/definitions/{definition}" };

    /// <summary>With a description of its own: draft 7 ignores what stands beside a reference.</summary>
    internal static JsonObject Ref(string definition, string description) =>
        new() { ["description"] = description, ["allOf"] = new JsonArray(Ref(definition)) };

    internal static JsonObject Named(string description, JsonObject values) => new()
    {
        ["type"] = "object",
        ["description"] = description,
        ["propertyNames"] = Ref("name"),
        ["additionalProperties"] = values,
    };

    internal static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    private static string TextOf(JsonObject schema) => schema.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";

    private static JsonObject Version() => new() { ["const"] = 1, ["description"] = "The version of the catalog's language." };

    private static JsonObject Required(string key) => new() { ["required"] = new JsonArray(key) };

    private static JsonObject Defaults()
    {
        var secret = (JsonObject)CatalogSchemaParts.Secret()["properties"]!;
        var properties = new JsonObject();
        foreach (var key in CatalogWords.Defaults)
        {
            properties[key] = secret[key]?.DeepClone()
                ?? (key == "approvals" ? CatalogSchemaParts.Approvals() : ScheduleSchema.Frequencies());
        }
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = "What holds for every secret that does not say otherwise.",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
    }
}
