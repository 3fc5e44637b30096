using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>What holds for every secret that does not say otherwise.</summary>
internal sealed record PolicyDefaults(
    string Store,
    TimeSpan Grace,
    RetryBudget Retry,
    TimeSpan StepTimeout,
    RotationWindow? Window,
    ApprovalPolicy? Approval,
    WhenDown WhenDown,
    ScheduleDefaults Schedule,
    OnDrift OnDrift = OnDrift.Stop)
{
    public const string EmbeddedStore = "embedded";

    public static PolicyDefaults Read(CatalogMap root, IEnumerable<string> stores, HeadStores head)
    {
        var builtIn = new PolicyDefaults(
            head.Default ?? "",
            TimeSpan.FromHours(24),
            new RetryBudget(6, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5)),
            TimeSpan.FromMinutes(2),
            null,
            null,
            WhenDown.Refuse,
            ScheduleDefaults.BuiltIn);
        if (root.Map("defaults", CatalogWords.Defaults) is not { } map)
        {
            return builtIn;
        }
        return new PolicyDefaults(
            ReadStore(map, [.. stores, .. head.Names]) ?? builtIn.Store,
            map.Duration("grace", allowZero: true) ?? builtIn.Grace,
            PolicyParts.Retry(map, builtIn.Retry) ?? builtIn.Retry,
            map.Duration("stepTimeout") ?? builtIn.StepTimeout,
            PolicyParts.Window(map),
            PolicyParts.Approval(map),
            map.Choice("whenDown", CatalogWords.WhenDowns) ?? builtIn.WhenDown,
            ScheduleDefaults.Read(map),
            map.Choice("onDrift", CatalogWords.DriftActions) ?? OnDrift.Stop);
    }

    /// <param name="known">Those of the catalog and of the head.</param>
    public static string? ReadStore(CatalogMap map, IReadOnlyCollection<string> known)
    {
        if (map.Text("store") is not { } store)
        {
            return null;
        }
        if (!known.Contains(store, StringComparer.Ordinal))
        {
            map.Problem("store", $"there is no store \"{store}\". {Suggestion.For(store, known)} Stores are defined under \"stores\".");
        }
        return store;
    }
}
