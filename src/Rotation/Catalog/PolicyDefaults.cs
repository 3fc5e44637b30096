using Rotunda.Rotation.Credentials;
using Rotunda.Rotation.Planning;

namespace Rotunda.Rotation.Catalog;

/// <summary>What holds for every secret that does not say otherwise.</summary>
internal sealed record PolicyDefaults(
    string Store,
    TimeSpan Grace,
    RetryBudget Retry,
    TimeSpan StepTimeout,
    TimeSpan? Interval,
    RotationWindow? Window,
    ApprovalPolicy? Approval)
{
    public const string EmbeddedStore = "embedded";

    public static PolicyDefaults Read(CatalogMap root, IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
    {
        var builtIn = new PolicyDefaults(EmbeddedStore, TimeSpan.FromHours(24), new RetryBudget(6, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5)), TimeSpan.FromMinutes(2), null, null, null);
        if (root.Map("defaults", CatalogWords.Defaults) is not { } map)
        {
            return builtIn;
        }
        return new PolicyDefaults(
            ReadStore(map, descriptors) ?? builtIn.Store,
            map.Duration("grace", allowZero: true) ?? builtIn.Grace,
            PolicyParts.Retry(map, builtIn.Retry) ?? builtIn.Retry,
            map.Duration("stepTimeout") ?? builtIn.StepTimeout,
            map.Duration("interval"),
            PolicyParts.Window(map),
            PolicyParts.Approval(map));
    }

    public static string? ReadStore(CatalogMap map, IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
    {
        if (map.Text("store") is not { } store)
        {
            return null;
        }
        var known = descriptors.Values.Where(d => d.Abilities.HasFlag(Abilities.StoreSecrets)).Select(d => d.Id).Append(EmbeddedStore).ToList();
        if (!known.Contains(store, StringComparer.Ordinal))
        {
            map.Problem("store", $"there is no store \"{store}\". {Suggestion.For(store, known)}");
        }
        return store;
    }
}
