using System.Text.Json.Nodes;
using Rotunda.Api.Desk;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>What an approver is told of what is otherwise than the last time.</summary>
public sealed class PlanChangesTests
{
    private static readonly RotationPlan Plan = new(
        3, "a-key-1", "a-key", 1, Strategy.Overlap, RotationTrigger.Manual, "x", "ada", null, DateTimeOffset.UnixEpoch, "embedded",
        ValueRule.Default,
        [
            Step("issue", StepKinds.Issue, null, new JsonObject { ["account"] = "one" }),
            Step("deliver-a", StepKinds.Deliver, "a", new JsonObject { ["path"] = "a.env" }),
            Step("check-app", StepKinds.VerifyConsumers, "app", new JsonObject()),
            Step("grace", StepKinds.Grace, null, null, (StepSettings.Duration, "1.00:00:00")),
        ],
        [], "hash");

    [Fact]
    public void The_same_plan_has_no_changes() => Assert.Empty(PlanChanges.Between(Plan, Plan with { RotationId = "a-key-2", Number = 2 }));

    [Fact]
    public void Each_kind_of_change_is_told_by_name_and_no_setting_by_its_value()
    {
        var now = Plan with
        {
            Store = "vault",
            Value = new ValueRule(ValueFormat.Base64Url, 64),
            Warnings = ["mind this"],
            Steps =
            [
                Step("issue", StepKinds.Issue, null, new JsonObject { ["account"] = "two" }),
                Step("deliver-b", StepKinds.Deliver, "b", new JsonObject()),
                Step("approve", StepKinds.Approval, null, null, (StepSettings.ApproveWhat, "revoke")),
            ],
        };

        Assert.Equal(
            [
                "Store: embedded → vault", "Value: text, 40 → base64url, 64", "New target: b", "No longer a target: a",
                "No longer a consumer: app", "Settings of the provider changed: account", "Grace period: 1d → none",
                "Asks a person: none → before the revoke", "New note: mind this",
            ],
            PlanChanges.Between(Plan, now));
    }

    private static PlannedStep Step(
        string id,
        string kind,
        string? target,
        JsonObject? settings,
        params (string Name, string Value)[] own) =>
        new(
            id, kind, id, target, settings is null ? null : new ProviderBinding("generated", settings),
            own.ToDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal), null,
            new RetryBudget(1, TimeSpan.Zero, TimeSpan.Zero), null, []);
}
