using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>What the catalog's targets write, and what its references read.</summary>
internal static class CatalogPlaces
{
    public static IReadOnlyList<CatalogPlace> Of(
        IEnumerable<Policy> policies,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
    {
        var (places, shapes) = (new List<CatalogPlace>(), new Dictionary<string, Shape?>(StringComparer.Ordinal));
        foreach (var policy in policies)
        {
            foreach (var target in policy.Targets)
            {
                if (!shapes.TryGetValue(target.Provider.Type, out var shape))
                {
                    shapes[target.Provider.Type] = shape = Shape.Of(descriptors.GetValueOrDefault(target.Provider.Type));
                }
                if (shape is not null && !Follows(shape.Descriptor, target.Provider.Settings))
                {
                    Add(places, policy, target, shape);
                }
            }
        }
        return places;
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

    private static void Add(List<CatalogPlace> places, Policy policy, TargetBinding target, Shape shape)
    {
        var settings = target.Provider.Settings;
        var file = shape.Path is null ? null : (string?)settings[shape.Path];
        // Where no path says it, all settings but references and templates do.
        var where = file ?? string.Join(
            '\n', shape.Others.Select(name => settings[name]?.ToJsonString()).Prepend(shape.Descriptor.Id));
        var keys = shape.Keyed.SelectMany(name => settings[name] as JsonObject ?? []).Select(pair => pair.Key).ToList();
        // An empty key is told where keys are checked, and is not the whole.
        foreach (var key in keys.Where(key => key.Length > 0))
        {
            var id = shape.Descriptor.PlaceOf?.Invoke(settings, key) ?? key;
            places.Add(new CatalogPlace(policy.Name, target.Name, where, file, key, id));
        }
        if (keys.Count == 0)
        {
            places.Add(new CatalogPlace(policy.Name, target.Name, where, file, CatalogPlace.Whole, CatalogPlace.Whole));
        }
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
