using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Planning;

/// <summary>Every combination that changes a plan's shape, for what must hold of all of them.</summary>
internal static class PlanCases
{
    private static readonly (Strategy Strategy, string Provider)[] Kinds =
    [
        (Strategy.Overlap, "keys"), (Strategy.Overlap, "legacy-keys"), (Strategy.Overlap, "generated"), (Strategy.Alternate, "postgres"),
        (Strategy.InPlace, "postgres"), (Strategy.InPlace, "generated"), (Strategy.DualKey, "generated"),
        (Strategy.ReEncrypt, "rows"), (Strategy.Supplied, "supplied"), (Strategy.Supplied, "supplied-revoked"), (Strategy.Leased, "leases"),
    ];

    /// <summary>A policy with all the gates that its provider can have.</summary>
    public static Policy Guarded(Strategy strategy, string provider, ApprovalMoment moment = ApprovalMoment.Revoke) =>
        Samples.Policy(strategy, provider) with
        {
            Approval = new ApprovalPolicy(moment, TimeSpan.FromDays(7)),
            Evidence = Samples.Descriptors[provider].Abilities.HasFlag(Abilities.ReportUse)
                ? new EvidencePolicy(TimeSpan.FromMinutes(10), TimeSpan.FromDays(2))
                : null,
            TokenLifetime = strategy == Strategy.DualKey ? TimeSpan.FromDays(2) : null,
            VerifierCache = strategy == Strategy.DualKey ? TimeSpan.FromMinutes(5) : null,
            Window = new RotationWindow([DayOfWeek.Sunday], new TimeOnly(1, 0), new TimeOnly(2, 0)),
        };

    /// <summary>The same, with consumers that are stopped while rows are moved.</summary>
    public static Policy Offline(Policy policy) => policy with
    {
        Migration = MigrationMode.Offline,
        Consumers =
        [
            new ConsumerBinding("api", new ProviderBinding("workload", [])),
            new ConsumerBinding("jobs", new ProviderBinding("workload", [])),
        ],
    };

    public static IEnumerable<(string Name, Policy Policy, SecretSnapshot Snapshot, PlanRequest Request)> All() =>
        from kind in Kinds
        from policy in Policies(kind.Strategy, kind.Provider)
        from snapshot in Snapshots()
        from request in Requests()
        select (
            $"{kind.Strategy} {kind.Provider} {policy.Name} {snapshot.Name} {request.Name}",
            policy.Policy,
            snapshot.Snapshot,
            request.Request);

    public static IEnumerable<(string Name, RotationPlan Plan)> Plans() =>
        All().Select(c => (c.Name, Samples.Plan(c.Policy, c.Snapshot, c.Request)));

    /// <summary>The runs that make no new value.</summary>
    public static IEnumerable<(string Name, RotationPlan Plan)> Runs() =>
        from kind in Kinds
        from policy in Policies(kind.Strategy, kind.Provider)
        where policy.Policy.Targets.Count > 0
        from moment in new[] { ApprovalMoment.Start, ApprovalMoment.Revoke }
        let asked = policy.Policy with { Approval = new ApprovalPolicy(moment, TimeSpan.FromDays(7)) }
        from run in new[] { Strategy.Deliver, Strategy.Retire }
        let request = Samples.By(RotationTrigger.Manual) with { Instead = run }
        select ($"{run} {kind.Strategy} {kind.Provider} {policy.Name} {moment}", Samples.Plan(asked, Samples.Known, request));

    /// <summary>A deliver run that takes over a rotation whose new value is in use.</summary>
    /// <param name="isOpen">False where another took it over, which came to nothing.</param>
    public static (string Name, RotationPlan Plan) TakenOver(Strategy strategy, string provider, bool isOpen = true) => (
        $"Deliver, taking over {strategy} {provider}",
        Samples.Plan(
            Guarded(strategy, provider),
            Samples.Snapshot(Samples.Credential(CredentialState.Previous), Samples.Credential(CredentialState.Active, "app_b", 2)),
            Samples.By(RotationTrigger.Manual, supersedes: isOpen) with { Instead = Strategy.Deliver }));

    public static IEnumerable<(string Name, RotationPlan Plan)> TakenOver() =>
    [
        TakenOver(Strategy.Overlap, "keys"), TakenOver(Strategy.Alternate, "postgres"), TakenOver(Strategy.DualKey, "generated"),
    ];

    private static IEnumerable<(string Name, Policy Policy)> Policies(Strategy strategy, string provider)
    {
        var guarded = Guarded(strategy, provider);
        yield return ("plain", Samples.Policy(strategy, provider));
        yield return ("guarded", guarded);
        yield return ("approve-start", Guarded(strategy, provider, ApprovalMoment.Start));
        yield return ("no-grace", guarded with { Grace = TimeSpan.Zero, TokenLifetime = null });
        yield return ("remote", guarded with { Targets = [.. guarded.Targets.Skip(1), Remote] });
        yield return ("follower", guarded with { Targets = [Follower, .. guarded.Targets.Skip(1), Remote] });
        yield return ("no-targets", guarded with { Targets = [] });
        yield return ("no-consumers", guarded with { Consumers = [] });
        if (provider == "keys")
        {
            yield return ("trial", guarded with { DisableFor = TimeSpan.FromHours(12) });
        }

        if (strategy == Strategy.ReEncrypt)
        {
            yield return ("offline", Offline(guarded));
        }
    }

    /// <summary>A target that cannot be read and that values reach later.</summary>
    public static TargetBinding Remote { get; } = new("cloud", new ProviderBinding("remote", []), 1, TimeSpan.FromMinutes(10));

    /// <summary>A target that gets its values by way of another one.</summary>
    public static TargetBinding Follower { get; } =
        new("copy", new ProviderBinding("mirror", new JsonObject { ["mode"] = "confirm" }), 2, TimeSpan.FromMinutes(10));

    private static IEnumerable<(string Name, SecretSnapshot Snapshot)> Snapshots()
    {
        yield return ("known", Samples.Known);
        yield return ("unknown", Samples.Snapshot());
        yield return ("no-value", Samples.Snapshot(Samples.Credential(CredentialState.Active, stored: false, providerId: null)));
        yield return (
            "half-delivered",
            Samples.Snapshot(
                Samples.Credential(CredentialState.Active),
                Samples.Credential(CredentialState.Pending, "app_b", 2, providerId: null)));
        yield return ("half-delivered-no-value", Samples.Snapshot(
            Samples.Credential(CredentialState.Active, stored: false),
            Samples.Credential(CredentialState.Pending, "app_b", 2, providerId: null)));
        yield return ("superseding", Samples.Snapshot(
            Samples.Credential(CredentialState.Previous),
            Samples.Credential(CredentialState.Active, "app_b", 2),
            Samples.Credential(CredentialState.Orphan, null, 1)));
    }

    private static IEnumerable<(string Name, PlanRequest Request)> Requests()
    {
        yield return ("schedule", Samples.By(RotationTrigger.Schedule));
        yield return ("manual", Samples.By(RotationTrigger.Manual));
        yield return ("emergency", Samples.By(RotationTrigger.Emergency));
        yield return ("superseding", Samples.By(RotationTrigger.Emergency, supersedes: true));
        yield return ("revoke-first", Samples.By(RotationTrigger.Emergency, revokeFirst: true, supersedes: true));
    }
}
