using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Planning;

/// <summary>Vendors where issuing a new credential begins the end of the one in use.</summary>
public sealed class EndingOldTests
{
    private static readonly ProviderDescriptor Ending = Samples.Describe(
        "ending",
        "Ending keys",
        Abilities.IssueCredentials | Abilities.VerifyCredentials,
        [Strategy.Overlap],
        new SettingDescriptor("delay", SettingType.Duration, "How long.", Default: "24h")) with
    {
        OldEnds = new OldEnds("delay", TimeSpan.FromHours(24)),
    };

    [Fact]
    public void From_the_issuing_on_it_only_goes_forward_and_waits_until_the_old_one_has_ended()
    {
        var plan = Plan(Samples.By(RotationTrigger.Manual), "12h");

        var issue = Index(plan, StepKinds.Issue);
        Assert.NotEmpty(plan.Steps[issue].Undo);
        Assert.All(plan.Steps.Skip(issue + 1), step => Assert.Empty(step.Undo));
        Assert.Equal("true", plan.Steps[issue + 1].Settings[StepSettings.ForwardOnly]);
        Assert.Equal("12h", plan.Steps.Single(step => step.Kind == StepKinds.Wait).Settings[StepSettings.Duration]);
        Assert.DoesNotContain(plan.Steps, step => step.Kind is StepKinds.Grace or StepKinds.Hold);
        Assert.True(Index(plan, StepKinds.Promote) < Index(plan, StepKinds.Wait));
        Assert.Equal("true", plan.Steps[Index(plan, StepKinds.Revoke)].Settings[StepSettings.InPlace]);
        Assert.Contains(plan.Warnings, warning => warning.Contains("ends by itself 12h later", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, "1h")]
    [InlineData(true, "0s")]
    public void An_emergency_leaves_the_old_one_as_little_time_as_can_be_told(bool revokeFirst, string left)
    {
        var plan = Plan(Samples.By(RotationTrigger.Emergency, revokeFirst), "12h");

        Assert.Equal(left, (string?)plan.Steps[Index(plan, StepKinds.Issue)].Provider!.Settings["delay"]);
        Assert.Equal(!revokeFirst, plan.Steps.Any(step => step.Kind == StepKinds.Wait));
        Assert.Equal(revokeFirst, plan.Warnings.Any(warning => warning.Contains("locked out", StringComparison.Ordinal)));
    }

    [Fact]
    public void Without_a_setting_its_own_end_tells_how_long_it_lives_on()
    {
        var own = Ending with { OldEnds = new OldEnds(null, TimeSpan.FromHours(12)) };
        var inUse = Samples.Credential(CredentialState.Active) with { ExpiresAt = Samples.Now.AddHours(4) };

        var plan = Plan(Samples.By(RotationTrigger.Schedule), null, own, Samples.Snapshot(inUse));

        Assert.Equal("4h", plan.Steps.Single(step => step.Kind == StepKinds.Wait).Settings[StepSettings.Duration]);
    }

    [Theory]
    [InlineData(RotationTrigger.Manual)]
    [InlineData(RotationTrigger.Emergency)]
    public void Where_the_old_one_ends_at_once_the_plan_says_that_consumers_are_locked_out(RotationTrigger trigger)
    {
        var atOnce = Ending with { OldEnds = new OldEnds(null, TimeSpan.Zero) };

        var plan = Plan(Samples.By(trigger), null, atOnce);

        Assert.DoesNotContain(plan.Steps, step => step.Kind == StepKinds.Wait);
        Assert.Single(plan.Warnings, warning => warning.Contains("at once", StringComparison.Ordinal)
            && warning.Contains("locked out until the new one is delivered", StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Warnings, warning => warning.Contains("cannot end the old credential sooner", StringComparison.Ordinal));
    }

    [Fact]
    public void An_approval_before_the_revoke_is_asked_for_before_the_start()
    {
        var plan =
            Plan(Samples.By(RotationTrigger.Manual), "12h", approval: new ApprovalPolicy(ApprovalMoment.Revoke, TimeSpan.FromDays(7)));

        Assert.True(Index(plan, StepKinds.Approval) < Index(plan, StepKinds.Issue));
        Assert.Contains(plan.Warnings, warning => warning.Contains("before the start", StringComparison.Ordinal));
    }

    private static RotationPlan Plan(
        PlanRequest request,
        string? delay,
        ProviderDescriptor? provider = null,
        SecretSnapshot? snapshot = null,
        ApprovalPolicy? approval = null)
    {
        var descriptors = new Dictionary<string, ProviderDescriptor>(Samples.Descriptors) { ["ending"] = provider ?? Ending };
        var policy = Samples.Policy(Strategy.Overlap, "ending") with
        {
            Provider = new ProviderBinding("ending", new JsonObject { ["delay"] = delay }),
            Approval = approval,
        };
        return RotationPlanner.Plan(policy, snapshot ?? Samples.Known, request, descriptors, Samples.Hash);
    }

    private static int Index(RotationPlan plan, string kind) =>
        plan.Steps.Index().First(step => step.Item.Kind == kind).Index;
}
