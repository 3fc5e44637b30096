using Rotunda.Ledger;
using Rotunda.Rotation.Planning;

namespace Rotunda.World.Tests;

/// <summary>A rule of the product is broken on purpose, and the world has to tell.</summary>
public sealed class SabotageTests
{
    private static readonly Dictionary<string, (string Promise, Func<Sabotage> Make)> s_rules = new(StringComparer.Ordinal)
    {
        ["what is delivered and confirmed is never looked at"] = (WorldWatch.NoLockOut, () => new Sabotage
        {
            Idle = [StepKinds.Deliver, StepKinds.ConfirmSync, StepKinds.VerifyConsumers, StepKinds.Hold], Plan = WithoutWaits,
            Only = WorldWatch.NoLockOut,
        }),
        ["plans have no grace period, and nothing holds the revoke"] =
            (WorldWatch.NoEarlyRevoke, () => new Sabotage { Plan = WithoutWaits }),
        ["nobody is asked for approval"] = (WorldWatch.NoEarlyRevoke, () => new Sabotage
        {
            Plan = plan => plan with { Steps = [.. plan.Steps.Where(step => step.Kind != StepKinds.Approval)] },
            Only = WorldWatch.NoEarlyRevoke,
        }),
        ["a rotation that was taken over goes on"] = (WorldWatch.OneAtATime, () => new Sabotage
        {
            IsUnfenced = true, Deaf = true, Only = WorldWatch.OneAtATime,
        }),
        ["what was minted is not recorded"] = (WorldWatch.NothingLost, () => new Sabotage
        {
            Forgets = [nameof(ICredentialLedger.RecordOrphanAsync)], Only = WorldWatch.NothingLost,
        }),
        ["an answer tells a value"] = (WorldWatch.NoLeaks, () => new Sabotage
        {
            Outcome = (outcome, world) => outcome with { Reason = $"{outcome.Reason} {world.Units[0].Credentials[^1].Value}" },
        }),
    };

    /// <summary>Those that take approvals or lost replies at the right moment; run on request (-explicit only).</summary>
    private static readonly string[] s_rare = ["nobody is asked for approval", "what was minted is not recorded"];

    public static TheoryData<string> Rules() => [.. s_rules.Keys.Except(s_rare)];

    public static TheoryData<string> RareRules() => [.. s_rare];

    [Theory(Explicit = true)]
    [MemberData(nameof(RareRules))]
    public void A_rule_whose_breach_is_rare_is_found_out(string rule) => A_rule_that_is_broken_is_found_out(rule);

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_that_is_broken_is_found_out(string rule)
    {
        var (promise, make) = s_rules[rule];
        for (var seed = 1; seed <= 6; seed++)
        {
            using var world = new WorldRun(More(promise, WorldPlan.Draw(seed, 8, 60)), make());
            try
            {
                world.Run();
            }
            catch (WorldBrokenException broken)
            {
                Assert.True(promise == broken.Promise, $"{rule}: {broken.Promise}: {broken.Message}");
                return;
            }
        }

        Assert.Fail($"{rule}: nobody noticed.");
    }

    [Fact]
    public void Rotations_that_are_taken_over_in_mid_step_keep_every_promise()
    {
        using var world = new WorldRun(WorldPlan.Draw(1, 8, 60).WithTakeOvers());
        world.Run();

        Assert.True(world.Counts.Ends.GetValueOrDefault("superseded") >= 8, world.Counts.ToString());
    }

    [Fact]
    public void A_world_that_breaks_shrinks_to_a_story_that_can_be_read()
    {
        var plan = WorldPlan.Draw(3, 4, 40).WithMore();
        var (small, story) = new WorldShrink(s_rules["plans have no grace period, and nothing holds the revoke"].Make, most: 30).Run(plan);

        TestContext.Current.TestOutputHelper?.WriteLine(story);
        Assert.Single(small.Units);
        Assert.True(small.Events.Count < plan.Events.Count / 4 && small.Length < plan.Length, story);
        Assert.Contains("BROKEN no early revoke", story, StringComparison.Ordinal);
        Assert.Contains("promote", story, StringComparison.Ordinal);
    }

    [Fact]
    public void One_seed_is_one_story()
    {
        var plan = WorldPlan.Draw(5, 6, 40);
        using var one = new WorldRun(plan);
        using var other = new WorldRun(plan);
        one.Run();
        other.Run();

        Assert.Equal(one.Digest, other.Digest);
        Assert.Equal(one.Counts.ToString(), other.Counts.ToString());
    }

    /// <summary>Who takes over days later finds all steps at rest.</summary>
    private static WorldPlan More(string promise, WorldPlan plan) =>
        promise == WorldWatch.OneAtATime ? plan.WithTakeOvers() : plan.WithMore();

    private static RotationPlan WithoutWaits(RotationPlan plan) =>
        plan with { Steps = [.. plan.Steps.Where(step => step.Kind is not (StepKinds.Grace or StepKinds.Hold or StepKinds.Evidence))] };
}
