using System.Text.Json.Nodes;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Planning;

/// <summary>Accounts that take a value of ours beside the one that they have, and end what they are shown.</summary>
public sealed class BesideTests
{
    private static readonly ProviderDescriptor Beside = Samples.Describe(
        "beside",
        "Two passwords",
        Abilities.ApplyValues | Abilities.VerifyCredentials | Abilities.RevokeByValue | Abilities.ReportUse,
        [Strategy.Overlap],
        new SettingDescriptor("username", SettingType.Text, "The user.", Required: true)) with
    {
        AccountSetting = "username",
    };

    [Fact]
    public void The_value_is_stored_before_it_is_set_and_the_old_one_is_revoked_last()
    {
        var plan = Plan(Samples.Snapshot(Samples.Credential(CredentialState.Active)));

        string[] order = [StepKinds.Generate, StepKinds.Apply, StepKinds.Verify, StepKinds.Deliver, StepKinds.Promote, StepKinds.Revoke];
        Assert.Equal(order, plan.Steps.Select(step => step.Kind).Where(order.Contains).Distinct());
        var apply = plan.Steps.Single(step => step.Kind == StepKinds.Apply);
        Assert.Equal("Set the new value on app, beside the one in use", apply.Title);
        Assert.Equal(StepKinds.RevokeNew, Assert.Single(apply.Undo).Kind);

        // With an account on record, setting the new value would count as the end of the old one.
        Assert.All(plan.Steps, step => Assert.False(step.Settings.ContainsKey(StepSettings.Account)));
        Assert.DoesNotContain(plan.Warnings, warning => warning.Contains("by hand", StringComparison.Ordinal));
    }

    [Fact]
    public void A_value_that_is_not_stored_cannot_be_taken_away_and_the_plan_says_so()
    {
        var plan = Plan(Samples.Snapshot(Samples.Credential(CredentialState.Active) with { Value = null }));

        Assert.Contains(plan.Warnings, warning => warning.Contains("cannot be taken away without it", StringComparison.Ordinal));
    }

    private static RotationPlan Plan(SecretSnapshot snapshot)
    {
        var policy = Samples.Policy(Strategy.Overlap, "keys");
        policy = policy with { Provider = new ProviderBinding("beside", new JsonObject { ["username"] = "app" }) };
        return RotationPlanner.Plan(
            policy,
            snapshot,
            Samples.By(RotationTrigger.Manual),
            new Dictionary<string, ProviderDescriptor>(Samples.Descriptors) { ["beside"] = Beside },
            Samples.Hash);
    }
}
