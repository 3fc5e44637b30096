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

    /// <summary>A third value ends one of two, so no target may hold the one that a stopped rotation left.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_an_account_has_two_values_at_most_half_delivered_targets_are_put_back_first(bool holdsTwo)
    {
        var left = Samples.Snapshot(
            Samples.Credential(CredentialState.Active),
            Samples.Credential(CredentialState.Pending, number: 2, providerId: null));

        var plan = Plan(left, Beside with { HoldsTwo = holdsTwo });

        var kinds = plan.Steps.Select(step => (step.Kind, step.Settings.GetValueOrDefault(StepSettings.Level) is not null)).ToList();
        Assert.Equal(holdsTwo, kinds.Contains((StepKinds.Deliver, true)));
        if (holdsTwo)
        {
            Assert.True(kinds.LastIndexOf((StepKinds.Deliver, true)) < kinds.IndexOf((StepKinds.Apply, false)));
        }
    }

    private static RotationPlan Plan(SecretSnapshot snapshot, ProviderDescriptor? provider = null)
    {
        var policy = Samples.Policy(Strategy.Overlap, "keys");
        policy = policy with { Provider = new ProviderBinding("beside", new JsonObject { ["username"] = "app" }) };
        return RotationPlanner.Plan(
            policy,
            snapshot,
            Samples.By(RotationTrigger.Manual),
            new Dictionary<string, ProviderDescriptor>(Samples.Descriptors) { ["beside"] = provider ?? Beside },
            Samples.Hash);
    }
}
