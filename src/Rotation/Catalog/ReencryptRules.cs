using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>What a policy with strategy re-encrypt must have, and what only such a policy may have.</summary>
internal static class ReencryptRules
{
    public static void Check(Policy policy, CatalogMap map, IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
    {
        if (!map.IsGood("strategy"))
        {
            return;
        }
        if (policy.Strategy != Strategy.ReEncrypt)
        {
            if (map.Has("migration"))
            {
                map.Problem("migration", $"is only for strategy re-encrypt, not for {CatalogWords.Of(policy.Strategy)}. Remove it.");
            }
            return;
        }
        if (map.IsGood("current") && policy.Current?.ValueReference is null)
        {
            map.Problem("current", "strategy re-encrypt needs the key in use, to open what is stored. Set current: { value: REFERENCE }.");
        }
        if (map.IsGood("targets") && policy.Targets.Count == 0)
        {
            map.Problem("targets", "strategy re-encrypt needs targets: consumers get the new key before the first row is under it.");
        }
        if (policy.Migration == MigrationMode.Offline && map.IsGood("migration") && map.IsGood("consumers"))
        {
            CheckOffline(policy, map, descriptors);
        }
    }

    private static void CheckOffline(Policy policy, CatalogMap map, IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
    {
        if (policy.Consumers.Count == 0)
        {
            map.Problem(
                "migration",
                "offline stops the consumers while rows are moved, but there are none. Name them in consumers:, or use online.");
            return;
        }
        var able = descriptors.Values.Where(d => d.Abilities.HasFlag(Abilities.ScaleConsumers)).Select(d => d.Id).Order(
            StringComparer.Ordinal).ToList();
        foreach (var consumer in policy.Consumers.Where(c => !able.Contains(c.Provider.Type, StringComparer.Ordinal)))
        {
            var others = able.Count == 0 ? "This release has no provider that can." : $"Those that can: {string.Join(", ", able)}.";
            map.Problem(
                "migration",
                $"offline stops all consumers while rows are moved, but {consumer.Name} (\"{consumer.Provider.Type}\") cannot be stopped "
                    + $"and started. {others} Or use online, if the application can read with two keys.");
        }
    }
}
