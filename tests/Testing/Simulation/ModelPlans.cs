using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.Simulation;

/// <summary>Plans for the model world, drawn by the real planner from what the model's ledger knows.</summary>
public static class ModelPlans
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const Abilities OnAccounts =
        Abilities.ApplyValues | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ReportUse;

    private static readonly Dictionary<string, ProviderDescriptor> s_descriptors = new[]
    {
        Describe(
            "overlap",
            Abilities.IssueCredentials
                | Abilities.VerifyCredentials
                | Abilities.RevokeCredentials
                | Abilities.DisableCredentials
                | Abilities.ListCredentials
                | Abilities.ReportUse,
            Strategy.Overlap),
        Describe(
            "leased",
            Abilities.IssueCredentials | Abilities.LeaseCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials,
            Strategy.Leased),
        Describe("alternate", OnAccounts, Strategy.Alternate) with { AccountsSetting = "accounts" },
        Describe("in-place", OnAccounts, Strategy.InPlace) with { AccountSetting = "account" },
        Describe("dual-key", Abilities.GenerateValues | Abilities.ReportUse, Strategy.DualKey),
        // No API ends what it takes: people do.
        Describe("supplied", Abilities.TakeSupplied | Abilities.VerifyCredentials | Abilities.ReportUse, Strategy.Supplied),
        Describe("re-encrypt", Abilities.GenerateValues | Abilities.ReencryptData, Strategy.ReEncrypt),
        Describe("target", Abilities.DeliverValues | Abilities.ConfirmSync),
        Describe("consumer", Abilities.RestartConsumers | Abilities.CheckConsumers),
    }.ToDictionary(d => d.Id, StringComparer.Ordinal);

    public static RotationPlan Make(ModelWorld world, SamplePlanOptions options, bool revokeFirst = false)
    {
        var isEmergency = options.Trigger == RotationTrigger.Emergency;
        var request = new PlanRequest(
            options.Trigger,
            "because",
            "requester",
            new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero),
            isEmergency ? "INC-1" : null,
            revokeFirst,
            isEmergency && options.TakesOver) { Instead = options.Instead };
        return RotationPlanner.Plan(PolicyOf(options), SnapshotOf(world, options.Number), request, s_descriptors, Hash);
    }

    private static SecretSnapshot SnapshotOf(ModelWorld world, int number) => new(
        "sample", number, [.. world.Rows.Select(Record).Where(r => r.MayBeLive)], AdoptedAt: null, LastRotatedAt: null);

    private static CredentialRecord Record(ModelRow row, int index) => new(
        index + 1, "sample", row.Rotation, row.State, ProviderCredentialId: $"v{row.Value}", row.Account, Label: null, Fingerprint: null,
        row.Value == 0 ? null : new SecretRef("embedded", "sample", row.Value.ToString(CultureInfo.InvariantCulture)),
        default,
        RevokedAt: null,
        Note: null);

    private static Policy PolicyOf(SamplePlanOptions options) => new()
    {
        Name = "sample",
        Strategy = options.Strategy,
        Provider = new ProviderBinding(
            s_descriptors.Values.First(d => d.Strategies.Contains(options.Strategy)).Id,
            new JsonObject { ["accounts"] = new JsonArray("a", "b"), ["account"] = "a" }),
        Grace = options.Grace,
        // A lease ends whether anybody has answered or not: nobody is asked.
        Approval = options.Strategy == Strategy.Leased && options.Instead is null ? null
            : options.ApproveStart ? new ApprovalPolicy(ApprovalMoment.Start, options.ApprovalTimeout)
            : options.ApproveRevoke ? new ApprovalPolicy(ApprovalMoment.Revoke, options.ApprovalTimeout)
            // A move of data always asks before its start.
            : options.Strategy == Strategy.ReEncrypt ? new ApprovalPolicy(ApprovalMoment.Start, options.ApprovalTimeout) : null,
        Evidence = options.Evidence && options.Strategy != Strategy.ReEncrypt
            ? new EvidencePolicy(
                TimeSpan.FromHours(1),
                TimeSpan.FromHours(2),
                options.OnTimeout == "proceed" ? EvidenceTimeoutAction.Proceed : EvidenceTimeoutAction.Stuck) : null,
        DisableFor = options.DisableFor,
        Targets = [.. options.Targets.Select((name, index) => new TargetBinding(
            name,
            Binding("target"),
            index == 2 ? 1 : 0,
            TimeSpan.FromMinutes(1)))],
        Consumers = [new ConsumerBinding("api", Binding("consumer"))],
        Retry = options.Retry,
    };

    private static ProviderBinding Binding(string type) => new(type, []);

    private static ProviderDescriptor Describe(string id, Abilities abilities, params Strategy[] strategies) =>
        new(id, id, id, abilities, [], [], strategies);
}
