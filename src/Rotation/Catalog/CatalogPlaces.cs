using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>What the catalog's targets write, and what its references read.</summary>
/// <param name="descriptors">Every provider there is, by id.</param>
internal sealed class CatalogPlaces(IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
{
    private readonly Dictionary<string, Shape?> _shapes = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, ProviderDescriptor> Descriptors => descriptors;

    public static IReadOnlyList<CatalogPlace> Of(
        IEnumerable<Policy> policies,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
    {
        var places = new CatalogPlaces(descriptors);
        return [.. policies.SelectMany(policy => policy.Targets.SelectMany(target => places.Of(policy, target)))];
    }

    /// <summary>All in one file, or one place of another kind; none for a target that writes no templates.</summary>
    public IReadOnlyList<CatalogPlace> Of(Policy policy, TargetBinding target)
    {
        if (!_shapes.TryGetValue(target.Provider.Type, out var shape))
        {
            _shapes[target.Provider.Type] = shape = Shape.Of(descriptors.GetValueOrDefault(target.Provider.Type));
        }
        return shape is null || Follows(shape.Descriptor, target.Provider.Settings) ? [] : Of(policy, target, shape);
    }

    /// <summary>What the binding's settings marked secret refer to.</summary>
    public static IEnumerable<SecretReference> ReferencesOf(
        ProviderBinding binding,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors) =>
        descriptors.TryGetValue(binding.Type, out var descriptor)
            ? descriptor.Settings.Where(setting => setting.IsSecret)
                .Select(setting => binding.Settings[setting.Name] is JsonValue value
                    && SecretReference.TryParse((string?)value, out var reference) ? reference : null)
                .OfType<SecretReference>()
            : [];

    private static List<CatalogPlace> Of(Policy policy, TargetBinding target, Shape shape)
    {
        var settings = target.Provider.Settings;
        var file = shape.Path is null ? null : (string?)settings[shape.Path];
        // Where no path says it, all settings but references and templates do.
        var where = file ?? string.Join(
            '\n', shape.Others.Select(name => settings[name]?.ToJsonString()).Prepend(shape.Descriptor.Id));
        // An empty key is told where keys are checked, and is not the whole.
        var keys = shape.Keyed.SelectMany(name => settings[name] as JsonObject ?? []).Select(pair => pair.Key).ToList();
        return keys.Count == 0
            ? [new CatalogPlace(policy.Name, target.Name, where, file, CatalogPlace.Whole, CatalogPlace.Whole)]
            :
            [
                .. keys.Where(key => key.Length > 0).Select(key => new CatalogPlace(
                    policy.Name, target.Name, where, file, key, shape.Descriptor.PlaceOf?.Invoke(settings, key) ?? key)),
            ];
    }

    private static bool Follows(ProviderDescriptor descriptor, JsonObject settings) =>
        descriptor.FollowsWhen is { } when
        && settings[when.Name] is JsonValue value
        && (when.Value is null || (string?)value == when.Value);

    /// <summary>Which settings of a kind of target tell its places.</summary>
    /// <param name="Path">The file's; null where no path tells it.</param>
    /// <param name="Others">Those that are neither references nor templates.</param>
    /// <param name="Keyed">Those that have a template for each key.</param>
    private sealed record Shape(ProviderDescriptor Descriptor, string? Path, string[] Others, string[] Keyed)
    {
        /// <summary>Null for one that writes no templates.</summary>
        public static Shape? Of(ProviderDescriptor? descriptor) =>
            descriptor is null || descriptor.Settings.All(setting => setting.Template is null) ? null : new Shape(
                descriptor,
                descriptor.Settings.FirstOrDefault(setting => setting.Type == SettingType.Path && setting.Required)?.Name,
                [.. descriptor.Settings.Where(setting => !setting.IsSecret && setting.Template is null).Select(setting => setting.Name)],
                [
                    .. descriptor.Settings.Where(setting => setting is { Template: not null, Type: SettingType.TextMap })
                        .Select(setting => setting.Name),
                ]);
    }
}
