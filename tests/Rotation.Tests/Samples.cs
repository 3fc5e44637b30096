using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests;

/// <summary>Descriptors, policies and snapshots that the tests share.</summary>
internal static class Samples
{
    public const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    public static readonly IReadOnlyDictionary<string, ProviderDescriptor> Descriptors = new[]
    {
        Describe(
            "keys",
            "Key service",
            Abilities.IssueCredentials
                | Abilities.VerifyCredentials
                | Abilities.RevokeCredentials
                | Abilities.DisableCredentials
                | Abilities.ListCredentials
                | Abilities.ReportUse,
            [Strategy.Overlap],
            new SettingDescriptor("url", SettingType.Url, "Its address.", Required: true),
            new SettingDescriptor("token", SettingType.Text, "Its token.", Required: true, IsSecret: true)),
        Describe("supplied", "Made by people", Abilities.TakeSupplied | Abilities.VerifyCredentials, [Strategy.Supplied]) with
        {
            Supplied = new SuppliedCredential("an API key", "https://vendor.example/keys") { Shape = new ValueShape("sk-", MinLength: 20) },
        },
        Describe(
            "supplied-revoked",
            "Made by people, revoked by API",
            Abilities.TakeSupplied | Abilities.VerifyCredentials | Abilities.ListCredentials | Abilities.RevokeCredentials,
            [Strategy.Supplied]),
        Describe(
            "leases",
            "Leases",
            Abilities.IssueCredentials | Abilities.LeaseCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials,
            [Strategy.Leased]),
        Describe("legacy-keys", "Legacy keys", Abilities.IssueCredentials, [Strategy.Overlap]),
        Describe("generated", "Generated values", Abilities.GenerateValues, [Strategy.DualKey, Strategy.Overlap, Strategy.InPlace],
            new SettingDescriptor("purpose", SettingType.Choice, "What for.", Default: "other", Choices: ["jwt", "other"])),
        Describe(
            "postgres",
            "PostgreSQL",
            Abilities.ApplyValues | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ReportUse,
            [Strategy.Alternate, Strategy.InPlace],
            new SettingDescriptor("connection", SettingType.Text, "The administrator's connection.", Required: true, IsSecret: true),
            new SettingDescriptor("accounts", SettingType.TextList, "The two roles."),
            new SettingDescriptor("role", SettingType.Text, "The one role."),
            SettingDescriptor.ForPort("port", "The port.", "5432"),
            new SettingDescriptor("endSessions", SettingType.Boolean, "Ends sessions.", Default: "false"),
            new SettingDescriptor("connectTimeout", SettingType.Duration, "How long to wait.", Default: "15s"))
            with
        { AccountsSetting = "accounts", AccountSetting = "role", SystemSettings = ["connection", "port"] },
        Describe("rows", "Stored rows", Abilities.GenerateValues | Abilities.ReencryptData, [Strategy.ReEncrypt],
            new SettingDescriptor("connection", SettingType.Text, "The connection.", Required: true, IsSecret: true),
            new SettingDescriptor("tables", SettingType.MapList, "What is stored where.", Required: true)
            {
                Fields =
                [
                    new("table", SettingType.Text, "The table.", Required: true),
                    new("key", SettingType.Text, "The key column.", Default: "id"),
                    new("columns", SettingType.TextList, "The columns.", Required: true),
                ],
            })
            with
        { DefaultValue = new ValueRule(ValueFormat.FernetKey, 32) },
        Describe("workload", "Workloads", Abilities.ScaleConsumers | Abilities.RestartConsumers | Abilities.CheckConsumers, []),
        Describe("pager", "Pager", Abilities.SendNotices, [],
            new SettingDescriptor("key", SettingType.Text, "The key.", Required: true, IsSecret: true)),
        Describe("post", "Post", Abilities.SendNotices, [],
            new SettingDescriptor("to", SettingType.TextList, "Who gets it.", Required: true))
            with
        { RecipientsSetting = "to" },
        Describe("dotenv", "dotenv files", Abilities.DeliverValues | Abilities.ConfirmSync, [],
            new SettingDescriptor("path", SettingType.Path, "The file.", Required: true),
            new SettingDescriptor("names", SettingType.TextMap, "Variables to parts.")),
        Describe(
            "file",
            "Files",
            Abilities.DeliverValues,
            [],
            new SettingDescriptor("path", SettingType.Path, "The file.", Required: true)),
        Describe("http", "HTTP", Abilities.RestartConsumers | Abilities.CheckConsumers, [],
            new SettingDescriptor("check", SettingType.Url, "What to call.", Required: true),
            new SettingDescriptor("headers", SettingType.TextMap, "Secret headers.", IsSecret: true)),
        Describe(
            "vault",
            "Vault",
            Abilities.StoreSecrets,
            [],
            new SettingDescriptor("address", SettingType.Url, "Its address.", Required: true)),
        Describe(
            "mirror",
            "Mirror",
            Abilities.DeliverValues | Abilities.ConfirmSync,
            [],
            new SettingDescriptor("mode", SettingType.Choice, "How.", Default: "write", Choices: ["write", "confirm"]))
            with
        { IsEventual = true, FollowsWhen = new SettingValue("mode", "confirm") },
        Describe("remote", "Remote", Abilities.DeliverValues | Abilities.ConfirmSync, []) with { IsWriteOnly = true, IsEventual = true },
    }.ToDictionary(d => d.Id, StringComparer.Ordinal);

    public static ProviderDescriptor Describe(
        string id,
        string title,
        Abilities abilities,
        Strategy[] strategies,
        params SettingDescriptor[] settings) =>
        new(id, title, title + ".", abilities, settings, [], strategies);

    public static Policy Policy(Strategy strategy, string provider) => new()
    {
        Name = "orders-db",
        Strategy = strategy,
        Provider = new ProviderBinding(
            provider,
            new JsonObject { ["connection"] = "env:ADMIN", ["accounts"] = new JsonArray("app_a", "app_b"), ["role"] = "app" }),
        Interval = TimeSpan.FromDays(30),
        Targets =
        [
            new TargetBinding("late", new ProviderBinding("file", new JsonObject { ["path"] = "/srv/late" }), 1, TimeSpan.FromMinutes(5)),
            new TargetBinding(
                "app-env",
                new ProviderBinding("dotenv", new JsonObject { ["path"] = "/srv/app.env" }),
                0,
                TimeSpan.FromMinutes(5)),
            new TargetBinding(
                "job-env",
                new ProviderBinding("dotenv", new JsonObject { ["path"] = "/srv/job.env" }),
                0,
                TimeSpan.FromMinutes(1)),
        ],
        Consumers = [new ConsumerBinding("api", new ProviderBinding("http", new JsonObject { ["check"] = "http://localhost/health" }))],
    };

    public static CredentialRecord Credential(
        CredentialState state,
        string? account = "app_a",
        int number = 1,
        bool stored = true,
        string? providerId = "id-1") =>
        new(
            number,
            "orders-db",
            number,
            state,
            providerId,
            account,
            null,
            "abcdefabcdef",
            stored ? new SecretRef("embedded", "orders-db", "1") : null,
            Now,
            null,
            null);

    public static SecretSnapshot Snapshot(params CredentialRecord[] credentials) =>
        new("orders-db", 3, credentials, Now.AddDays(-60), Now.AddDays(-30));

    public static SecretSnapshot Known => Snapshot(Credential(CredentialState.Active));

    public static PlanRequest By(RotationTrigger trigger, bool revokeFirst = false, bool supersedes = false) =>
        new(trigger, "because", "ada", Now, trigger == RotationTrigger.Emergency ? "INC-1" : null, revokeFirst, supersedes);

    public static RotationPlan Plan(Policy policy, SecretSnapshot? snapshot = null, PlanRequest? request = null) =>
        RotationPlanner.Plan(policy, snapshot ?? Known, request ?? By(RotationTrigger.Schedule), Descriptors, Hash);
}
