using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>What the catalog's targets write, and what its references read.</summary>
internal static class CatalogPlaces
{
    public static IReadOnlyList<CatalogPlace> Of(
        IEnumerable<Policy> policies,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors) =>
        [.. policies.SelectMany(policy => policy.Targets.SelectMany(target => Of(policy, target, descriptors)))];

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

    private static IEnumerable<CatalogPlace> Of(
        Policy policy,
        TargetBinding target,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
    {
        var settings = target.Provider.Settings;
        if (!descriptors.TryGetValue(target.Provider.Type, out var descriptor)
            || descriptor.Settings.All(setting => setting.Template is null)
            || Follows(descriptor, settings))
        {
            return [];
        }
        var path = descriptor.Settings.FirstOrDefault(setting => setting.Type == SettingType.Path && setting.Required)?.Name;
        var file = path is null ? null : (string?)settings[path];
        // Where no path says it, all settings but references and templates do.
        var where = file ?? string.Join(
            '\n',
            descriptor.Settings.Where(setting => !setting.IsSecret && setting.Template is null)
                .Select(setting => settings[setting.Name]?.ToJsonString())
                .Prepend(descriptor.Id));
        var keys = descriptor.Settings.Where(setting => setting is { Template: not null, Type: SettingType.TextMap })
            .SelectMany(setting => (settings[setting.Name] as JsonObject ?? []).Select(pair => pair.Key))
            .ToList();
        return (keys.Count > 0 ? keys : [CatalogPlace.Whole]).Select(key => new CatalogPlace(policy.Name, target.Name, where, file, key));
    }

    private static bool Follows(ProviderDescriptor descriptor, JsonObject settings) =>
        descriptor.FollowsWhen is { } when
        && settings[when.Name] is JsonValue value
        && (when.Value is null || (string?)value == when.Value);
}
