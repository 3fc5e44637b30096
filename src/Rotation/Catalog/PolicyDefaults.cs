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
    /// <summary>Reads who is asked.</summary>
    public required ApprovalReader Approvals { get; init; }

    /// <summary>Who is asked about secrets of a risk class, where they do not say themselves.</summary>
    public IReadOnlyDictionary<RiskClass, ApprovalPolicy> ByRisk { get; init; } = new Dictionary<RiskClass, ApprovalPolicy>();

    public ApprovalPolicy? ApprovalOf(RiskClass? risk) => (risk is { } given ? ByRisk.GetValueOrDefault(given) : null) ?? Approval;

    public const string EmbeddedStore = "embedded";

    public static PolicyDefaults Read(CatalogMap root, IEnumerable<string> stores, HeadStores head, string folder)
    {
        var approvals = new ApprovalReader(ApprovalReader.Teams(root));
        var builtIn = new PolicyDefaults(
            head.Default ?? "",
            TimeSpan.FromHours(24),
            new RetryBudget(6, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5)),
            TimeSpan.FromMinutes(2),
            null,
            null,
            WhenDown.Refuse,
            ScheduleDefaults.BuiltIn) { Approvals = approvals };
        return builtIn.Over(root, [.. stores, .. head.Names], folder);
    }

    /// <summary>These, but for what the map's "defaults" say otherwise. Freezes are added to these.</summary>
    /// <param name="stores">The names of all there are.</param>
    public PolicyDefaults Over(CatalogMap root, IReadOnlyCollection<string> stores, string folder)
    {
        if (root.Map("defaults", CatalogWords.Defaults) is not { } map)
        {
            return this;
        }
        return new PolicyDefaults(
            ReadStore(map, stores) ?? Store,
            map.Duration("grace", allowZero: true) ?? Grace,
            PolicyParts.Retry(map, Retry) ?? Retry,
            map.Duration("stepTimeout") ?? StepTimeout,
            PolicyParts.Window(map) ?? Window,
            Approvals.Read(map) ?? Approval,
            map.Choice("whenDown", CatalogWords.WhenDowns) ?? WhenDown,
            Schedule.Over(map, folder),
            map.Choice("onDrift", CatalogWords.DriftActions) ?? OnDrift)
        {
            Approvals = Approvals, ByRisk = Approvals.ReadByRisk(map, ByRisk),
        };
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
