using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Schemas;

namespace Rotunda.Rotation.Tests.Planning;

/// <summary>Bindings that say themselves what they can do.</summary>
public sealed class OperationsTests
{
    private static readonly ProviderDescriptor Program = Samples.Describe(
        "program", "Program", Operations.Of(Operations.Names), [Strategy.Overlap, Strategy.Alternate, Strategy.InPlace],
        new SettingDescriptor("operations", SettingType.TextList, "What it can do.", Required: true, Choices: Operations.Names),
        new SettingDescriptor("accounts", SettingType.TextList, "The two accounts."),
        new SettingDescriptor("account", SettingType.Text, "The one account.")) with
    {
        OperationsSetting = "operations", AccountsSetting = "accounts", AccountSetting = "account", IsEventual = true,
    };

    private static readonly Dictionary<string, ProviderDescriptor> Descriptors =
        new(Samples.Descriptors, StringComparer.Ordinal) { ["program"] = Program };

    [Fact]
    public void A_plan_has_steps_only_for_what_its_bindings_can_do()
    {
        var little = Kinds(Plan(["issue"], ["deliver"], ["restart"]));
        Assert.DoesNotContain(StepKinds.Verify, little);
        Assert.DoesNotContain(StepKinds.ConfirmSync, little);
        Assert.DoesNotContain(StepKinds.VerifyConsumers, little);
        Assert.Contains(StepKinds.RestartConsumers, little);

        var much = Kinds(Plan(["issue", "verify", "revoke"], ["deliver", "confirm"], ["check"]));
        Assert.Contains(StepKinds.Verify, much);
        Assert.Contains(StepKinds.ConfirmSync, much);
        Assert.Contains(StepKinds.VerifyConsumers, much);
        Assert.DoesNotContain(StepKinds.RestartConsumers, much);
    }

    [Fact]
    public void Who_cannot_revoke_leaves_the_old_credential_to_a_person()
    {
        Assert.Contains(
            Plan(["issue"], ["deliver"], ["check"]).Warnings,
            w => w.Contains("cannot revoke by API", StringComparison.Ordinal));
        Assert.DoesNotContain(
            Plan(["issue", "revoke"], ["deliver"], ["check"]).Warnings,
            w => w.Contains("cannot revoke by API", StringComparison.Ordinal));
    }

    [Fact]
    public void Who_cannot_capture_gets_the_value_in_use_again_on_the_way_back()
    {
        PlannedStep Deliver(params string[] target) =>
            Plan(["issue", "revoke"], target, ["check"]).Steps.First(s => s.Kind == StepKinds.Deliver);

        Assert.Equal("true", Deliver("deliver").Settings[StepSettings.Unreadable]);
        Assert.False(Deliver("deliver", "capture", "restore").Settings.ContainsKey(StepSettings.Unreadable));
    }

    [Theory]
    [InlineData("issue", Strategy.Overlap)]
    [InlineData("apply", Strategy.Alternate)]
    public void The_default_strategy_is_the_first_that_the_operations_are_enough_for(string operation, Strategy expected)
    {
        var result = Read($"provider: {{ type: program, operations: [{operation}], accounts: [a, b], account: a }}");

        Assert.Empty(result.Problems);
        Assert.Equal(expected, result.Catalog!.Policies["s"].Strategy);
    }

    [Theory]
    [InlineData("provider: { type: program, operations: [deliver] }", "4:32", "cannot make or take credentials")]
    [InlineData("provider: { type: program, operations: [aply] }", "4:45", "Did you mean \"apply\"?")]
    [InlineData("provider: { type: program }", "4:5", "the key \"operations\" is missing")]
    [InlineData(
        "strategy: in-place\n    provider: { type: program, operations: [issue] }",
        "4:5",
        "cannot be rotated with in-place. It can with: overlap.")]
    [InlineData(
        "evidence: { quietFor: 1m, timeout: 1h }\n    provider: { type: program, operations: [issue] }",
        "4:5",
        "cannot report whether")]
    [InlineData(
        "provider: { type: generated }\n    targets: { t: { type: program, operations: [confirm] } }",
        "5:36",
        "cannot be delivered to (a target)")]
    [InlineData(
        "provider: { type: generated }\n    consumers: { c: { type: program, operations: [deliver] } }",
        "5:38",
        "cannot be restarted or checked (a consumer)")]
    public void Operations_that_are_not_enough_for_a_place_are_a_problem_there(string secret, string position, string message)
    {
        var problems = Read(secret).Problems.Select(p => p.ToString()).ToList();

        Assert.Contains(
            problems,
            p => p.Contains($":{position}", StringComparison.Ordinal) && p.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void The_schema_offers_the_operations()
    {
        var text = CatalogSchema.Generate(Descriptors)["definitions"]!["target"]!.ToJsonString();

        Assert.Contains("\"report-use\"", text);
    }

    private static RotationPlan Plan(string[] provider, string[] target, string[] consumer)
    {
        var policy = Samples.Policy(Strategy.Overlap, "keys") with
        {
            Provider = Binding(provider),
            Targets = [new TargetBinding("t", Binding(target), 0, TimeSpan.FromMinutes(1))],
            Consumers = [new ConsumerBinding("c", Binding(consumer))],
        };
        return RotationPlanner.Plan(policy, Samples.Known, Samples.By(RotationTrigger.Schedule), Descriptors, Samples.Hash);
    }

    private static ProviderBinding Binding(string[] operations) =>
        new("program", new JsonObject { ["operations"] = new JsonArray([.. operations.Select(o => (JsonNode)o)]) });

    private static List<string> Kinds(RotationPlan plan) => [.. plan.Steps.Select(s => s.Kind)];

    private static CatalogResult Read(string secret) =>
        CatalogReader.Read($"version: 1\nsecrets:\n  s:\n    {secret}\n", "catalog.yaml", "/srv", Descriptors);
}
