using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>What secrets must be to each other: no two write the same place, and none rotates the door by which Rotunda comes in
/// without another one.</summary>
internal static class CatalogRules
{
    private const string Whole = "";

    /// <param name="maps">The secrets' own maps, by name.</param>
    public static void Check(
        IReadOnlyDictionary<string, Policy> policies,
        IReadOnlyDictionary<string, CatalogMap> maps,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        CatalogProblems problems)
    {
        var places = policies.Values.SelectMany(policy => policy.Targets.SelectMany(target => PlacesOf(policy, target, descriptors)))
            .ToList();
        CheckPlaces(places, maps);
        CheckDoors(policies, places, maps, descriptors, problems);
    }

    private static void CheckPlaces(List<Place> places, IReadOnlyDictionary<string, CatalogMap> maps)
    {
        foreach (var same in places.GroupBy(place => place.Where, StringComparer.Ordinal))
        {
            var seen = new List<Place>();
            foreach (var place in same)
            {
                if (seen.Find(one => one.Key == place.Key || one.Key == Whole || place.Key == Whole) is { } first)
                {
                    maps[place.Secret].Map("targets", known: null)?.Problem(
                        place.Target,
                        $"writes {place.Described}, which {first.Secret}.targets.{first.Target} writes too: each would undo the other. "
                            + "Give each its own place.");
                }
                seen.Add(place);
            }
        }
    }

    /// <summary>What a secret's targets write may be what a reference of Rotunda's own reads.</summary>
    private static void CheckDoors(
        IReadOnlyDictionary<string, Policy> policies,
        List<Place> places,
        IReadOnlyDictionary<string, CatalogMap> maps,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        CatalogProblems problems)
    {
        foreach (var policy in policies.Values)
        {
            foreach (var reference in ReferencesOf(policy.Provider, descriptors))
            {
                if (places.Find(place => place.IsReadBy(reference)) is not { } door)
                {
                    continue;
                }
                if (door.Secret == policy.Name && policy.Strategy == Strategy.InPlace)
                {
                    maps[policy.Name].Problem(
                        "provider",
                        $"its reference {reference} leads to what its own target {door.Target} writes: the credential by which Rotunda "
                            + "comes in would end while it is replaced, and with it the way back. Give Rotunda a login of its own, or "
                            + "take a strategy that keeps two.");
                }
                else if (door.Secret != policy.Name && policies[door.Secret].Strategy == Strategy.InPlace)
                {
                    problems.Warn(
                        maps[policy.Name].Where("provider"),
                        $"{policy.Name}.provider: {reference} leads to what {door.Secret}.targets.{door.Target} writes in place: while "
                            + "that one rotates, Rotunda cannot come in here. Do not let the two rotate at the same time.");
                }
            }
        }
    }

    private static IEnumerable<SecretReference> ReferencesOf(
        ProviderBinding binding,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors) =>
        descriptors.TryGetValue(binding.Type, out var descriptor)
            ? descriptor.Settings.Where(setting => setting.IsSecret)
                .Select(setting => binding.Settings[setting.Name] is JsonValue value
                    && SecretReference.TryParse((string?)value, out var reference) ? reference : null)
                .OfType<SecretReference>()
            : [];

    private static IEnumerable<Place> PlacesOf(
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
        return (keys.Count > 0 ? keys : [Whole]).Select(key => new Place(policy.Name, target.Name, where, file, key));
    }

    private static bool Follows(ProviderDescriptor descriptor, JsonObject settings) =>
        descriptor.FollowsWhen is { } when
        && settings[when.Name] is JsonValue value
        && (when.Value is null || (string?)value == when.Value);

    /// <summary>A place that a target writes: one key of it, or the whole.</summary>
    private sealed record Place(string Secret, string Target, string Where, string? File, string Key)
    {
        public string Described => (File, Key) switch
        {
            (null, Whole) => "the same place",
            (null, _) => $"{Key} of the same place",
            (_, Whole) => File,
            _ => $"{Key} of {File}",
        };

        public bool IsReadBy(SecretReference reference) =>
            reference.Scheme == SecretReference.File
            && reference.Name == File
            && (reference.Key is null || Key == Whole || reference.Key == Key);
    }
}
