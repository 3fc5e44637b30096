using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;
using Rotunda.Yaml;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads a provider's settings as its descriptor says, into the JSON of a binding.</summary>
internal sealed class SettingsReader(string folder, CatalogProblems problems)
{
    private readonly Dictionary<SettingDescriptor, JsonNode?> _defaults = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<SettingDescriptor, Dictionary<string, bool>> _choices = new(ReferenceEqualityComparer.Instance);

    /// <param name="map">The map that holds the settings, beside keys of its own.</param>
    public JsonObject Read(CatalogMap map, ProviderDescriptor descriptor) => Read(map, descriptor.Id, descriptor.Settings);

    private JsonObject Read(CatalogMap map, string of, IReadOnlyList<SettingDescriptor> all)
    {
        var settings = new JsonObject();
        foreach (var setting in all)
        {
            var value = map.Has(setting.Name) ? Read(map, setting)
                : setting.Default is not null ? DefaultOf(of, setting)
                : setting.Required ? Read(map, setting) : null;
            if (value is not null)
            {
                settings[setting.Name] = value;
            }
        }
        return settings;
    }

    private JsonNode? Read(CatalogMap map, SettingDescriptor setting) =>
        map.Get(setting.Name, (node, path) => Convert(node, path, setting), setting.Required);

    private JsonNode? Convert(YamlNode node, string path, SettingDescriptor setting) => setting.Type switch
    {
        SettingType.TextList => ConvertList(node, path, setting),
        SettingType.TextMap => ConvertMap(node, path, setting),
        SettingType.MapList => ConvertMaps(node, path, setting),
        SettingType.Map => CatalogMap.Read(node, node, path, problems, [.. setting.Fields.Select(field => field.Name)]) is { } map
            ? Read(map, path, setting.Fields)
            : null,
        _ when setting.IsSecret => CatalogScalars.Reference(node, path, folder, problems),
        SettingType.Integer => CatalogScalars.Integer(
            node,
            path,
            problems,
            setting.Range?.Least ?? long.MinValue,
            setting.Range?.Most ?? long.MaxValue) is { } number ? JsonValue.Create(number) : null,
        SettingType.Boolean => CatalogScalars.Boolean(node, path, problems) is { } flag ? JsonValue.Create(flag) : null,
        SettingType.Duration =>
            CatalogScalars.Duration(node, path, problems, allowZero: IsZero(setting.Default)) is null ? null : JsonValue.Create(node.Text),
        SettingType.Url => ConvertUrl(node, path),
        SettingType.Path => CatalogScalars.Text(node, path, problems) is { } text ? JsonValue.Create(ToAbsolute(node, path, text)) : null,
        SettingType.Choice => ConvertChoice(node, path, setting),
        _ => CatalogScalars.Text(node, path, problems),
    };

    private JsonArray? ConvertList(YamlNode node, string path, SettingDescriptor setting)
    {
        if (setting.Choices is not null && node.Kind == YamlNodeKind.Scalar)
        {
            return ConvertChoice(node, path, setting) is { } one ? [one] : null;
        }
        if (!setting.IsSecret)
        {
            var texts = CatalogScalars.Texts(node, path, problems);
            foreach (var item in setting.Choices is null || texts is null ? [] : node.Items)
            {
                CatalogScalars.Choice(item, path, problems, ChoicesOf(setting));
            }
            if (setting.Required && texts is { Count: 0 } && node.Items.Count == 0)
            {
                problems.Add(node, $"{path}: is empty. Give at least one.");
            }
            return texts is null ? null : new JsonArray([.. texts.Select(t => (JsonNode)t)]);
        }
        if (node.Kind != YamlNodeKind.List)
        {
            problems.Add(node, $"{path}: must be a list of references ({SecretReference.Forms}), but is {node.Described}.");
            return null;
        }
        return new JsonArray([.. node.Items.Select(i => (JsonNode?)CatalogScalars.Reference(i, path, folder, problems))]);
    }

    private JsonObject? ConvertMap(YamlNode node, string path, SettingDescriptor setting)
    {
        if (CatalogMap.Read(node, node, path, problems, known: null) is not { } map)
        {
            return null;
        }
        if (setting.Required && !map.Keys.Any())
        {
            problems.Add(node, $"{path}: is empty. Give at least one line of \"key: value\".");
        }
        var texts = new JsonObject();
        foreach (var key in map.Keys)
        {
            if (key.Text.Length == 0)
            {
                problems.Add(key, $"{path}: has a key of no characters. Name it, or remove the line.");
            }
            var entry = map.PathOf(key.Text);
            var value = map.Value(key.Text)!;
            texts[key.Text] = setting.IsSecret
                ? CatalogScalars.Reference(value, entry, folder, problems)
                : CatalogScalars.Text(value, entry, problems);
        }
        return texts;
    }

    private JsonArray? ConvertMaps(YamlNode node, string path, SettingDescriptor setting)
    {
        var known = setting.Fields.Select(f => f.Name).ToList();
        if (node.Kind != YamlNodeKind.List)
        {
            problems.Add(node, $"{path}: must be a list of maps with {string.Join(", ", known)}, but is {node.Described}.");
            return null;
        }
        var maps = new JsonArray();
        foreach (var (index, item) in node.Items.Index())
        {
            var entry = $"{path}[{index + 1}]";
            if (CatalogMap.Read(item, item, entry, problems, known) is { } map)
            {
                maps.Add(Read(map, entry, setting.Fields));
            }
        }
        if (node.Items.Count == 0 && setting.Required)
        {
            problems.Add(node, $"{path}: is empty. Give at least one map with {string.Join(", ", known)}.");
        }
        return maps;
    }

    private JsonNode? ConvertUrl(YamlNode node, string path)
    {
        if (CatalogScalars.Text(node, path, problems) is not { } text)
        {
            return null;
        }
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            // Not repeated: a malformed address may hold a password.
            problems.Add(node, $"{path}: must be an absolute address that starts with http:// or https://.");
            return null;
        }
        if (url.UserInfo.Length > 0)
        {
            problems.Add(
                node,
                $"{path}: holds a user name or password. Remove it from the address, and give it by a setting that takes a reference.");
            return null;
        }
        return text;
    }

    private string? ToAbsolute(YamlNode node, string path, string text)
    {
        if (text.Any(char.IsControl))
        {
            problems.Add(node, $"{path}: must be a path, but has control characters in it.");
            return null;
        }
        return Path.GetFullPath(text, folder);
    }

    private JsonValue? ConvertChoice(YamlNode node, string path, SettingDescriptor setting)
    {
        return CatalogScalars.Choice(node, path, problems, ChoicesOf(setting)) is null ? null : JsonValue.Create(node.Text);
    }

    private Dictionary<string, bool> ChoicesOf(SettingDescriptor setting) => _choices.TryGetValue(setting, out var known) ? known
        : _choices[setting] = (setting.Choices ?? []).ToDictionary(c => c, _ => true, StringComparer.Ordinal);

    private JsonNode? DefaultOf(string of, SettingDescriptor setting) =>
        (_defaults.TryGetValue(setting, out var known) ? known : _defaults[setting] = ConvertDefault(of, setting))?.DeepClone();

    private JsonNode? ConvertDefault(string of, SettingDescriptor setting)
    {
        if (setting is { Type: SettingType.Text, Default: "" })
        {
            return "";
        }
        var faults = new CatalogProblems($"{of}.{setting.Name}");
        var node = setting.Type is SettingType.TextList or SettingType.TextMap
            ? CatalogTree.Load(setting.Default!, faults)
            : new YamlNode(YamlNodeKind.Scalar, 1, 1) { Text = setting.Default!, Plain = true };
        var value = node is null ? null : new SettingsReader(folder, faults).Convert(node, setting.Name, setting);
        return faults.Count == 0 ? value : throw new InvalidOperationException($"The descriptor's default is wrong: {faults.InOrder()[0]}");
    }

    private static bool IsZero(string? duration) => DurationText.TryParse(duration, out var parsed) && parsed == TimeSpan.Zero;
}
