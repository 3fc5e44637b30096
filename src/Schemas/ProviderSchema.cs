using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;
using static Rotunda.Schemas.CatalogSchema;

namespace Rotunda.Schemas;

/// <summary>The part of the schema that follows from descriptors: one branch per type, with that type's settings.</summary>
internal static class ProviderSchema
{
    public static JsonObject Of(
        string description,
        IEnumerable<ProviderDescriptor> descriptors,
        IReadOnlyDictionary<string, JsonObject>? ownKeys = null)
    {
        var all = descriptors.ToList();
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = description,
            ["required"] = new JsonArray("type"),
            ["properties"] = new JsonObject { ["type"] = new JsonObject { ["enum"] = Strings(all.Select(d => d.Id)) } },
            ["allOf"] = new JsonArray([.. all.Select(d => (JsonNode)Branch(d, ownKeys))]),
        };
    }

    private static JsonObject Branch(ProviderDescriptor descriptor, IReadOnlyDictionary<string, JsonObject>? ownKeys)
    {
        var properties = new JsonObject
        {
            ["type"] = new JsonObject { ["const"] = descriptor.Id, ["description"] = $"{descriptor.Title}. {descriptor.Summary}" },
        };
        foreach (var (key, schema) in ownKeys ?? new Dictionary<string, JsonObject>())
        {
            properties[key] = schema.DeepClone();
        }
        foreach (var setting in descriptor.Settings)
        {
            properties[setting.Name] = Setting(setting);
        }
        var required = descriptor.Settings.Where(s => s.Required && s.Default is null).Select(s => s.Name).ToArray();
        return new JsonObject
        {
            ["if"] = new JsonObject
            {
                ["required"] = new JsonArray("type"),
                ["properties"] = new JsonObject { ["type"] = new JsonObject { ["const"] = descriptor.Id } },
            },
            ["then"] = CatalogSchemaParts.Closed(descriptor.Summary, required, properties),
        };
    }

    private static JsonObject Fields(SettingDescriptor setting)
    {
        var properties = new JsonObject();
        foreach (var field in setting.Fields)
        {
            properties[field.Name] = Setting(field);
        }
        return CatalogSchemaParts.Closed(setting.Description, [.. setting.Fields.Where(f => f.Required).Select(f => f.Name)], properties);
    }

    private static JsonObject Setting(SettingDescriptor setting)
    {
        var description = setting.Default is null ? setting.Description : $"{setting.Description} Default: {setting.Default}.";
        return setting.Type switch
        {
            SettingType.TextList when setting.IsSecret =>
                new JsonObject { ["type"] = "array", ["description"] = description, ["items"] = Ref("reference") },
            SettingType.TextMap when setting.IsSecret =>
                new JsonObject { ["type"] = "object", ["description"] = description, ["additionalProperties"] = Ref("reference") },
            SettingType.TextList when setting.Choices is { } choices => new JsonObject
            {
                ["description"] = description,
                ["anyOf"] = new JsonArray(
                    new JsonObject { ["enum"] = Strings(choices) },
                    new JsonObject
                    {
                        ["type"] = "array", ["uniqueItems"] = true, ["items"] = new JsonObject { ["enum"] = Strings(choices) },
                    }),
            },
            SettingType.MapList => new JsonObject { ["type"] = "array", ["description"] = description, ["items"] = Fields(setting) },
            SettingType.Map => Fields(setting),
            SettingType.TextList => CatalogSchemaParts.TextList(description),
            SettingType.TextMap =>
                new JsonObject
                {
                    ["type"] = "object",
                    ["description"] = description,
                    ["additionalProperties"] = CatalogSchemaParts.Text("A text."),
                },
            _ when setting.IsSecret => Ref("reference", description),
            SettingType.Integer when setting.Range is var (least, most) => new JsonObject
            {
                ["type"] = "integer", ["description"] = description, ["minimum"] = least, ["maximum"] = most,
            },
            SettingType.Integer => new JsonObject { ["type"] = "integer", ["description"] = description },
            SettingType.Boolean => new JsonObject { ["type"] = "boolean", ["description"] = description },
            SettingType.Duration => CatalogSchemaParts.Duration(description),
            SettingType.Url => new JsonObject { ["type"] = "string", ["pattern"] = "^https?://", ["description"] = description },
            SettingType.Choice => CatalogSchemaParts.Choice(description, setting.Choices ?? []),
            _ => CatalogSchemaParts.Text(description),
        };
    }
}
