using System.Text.Json.Nodes;
using Rotunda.Files;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>
/// An emergency takes over from a rotation that was stopped after its delivery. Plans of the real planner, on the real ledger,
/// store and steps; forward to the end or back again, with the process dying at every point.
/// </summary>
public sealed class TakeOverTests
{
    private const string Old = "the-old-password";
    private static readonly string[] Waiting = [StepKinds.Approval, StepKinds.Grace, StepKinds.Evidence];

    private static readonly Dictionary<string, ProviderDescriptor> Descriptors = new[]
    {
        Describe("accounts", Abilities.ApplyValues | Abilities.VerifyCredentials | Abilities.RevokeCredentials) with
        {
            AccountsSetting = "accounts",
            AccountSetting = "account",
        },
        Describe("generated", Abilities.GenerateValues),
        Describe("target", Abilities.DeliverValues | Abilities.ConfirmSync),
    }.ToDictionary(d => d.Id, StringComparer.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_two_accounts_the_value_at_the_target_authenticates_at_every_instant(bool back)
    {
        var points = await RunAsync(Strategy.Alternate, back, crashAt: 0);
        for (var crashAt = 1; crashAt <= points; crashAt++)
        {
            await RunAsync(Strategy.Alternate, back, crashAt);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_place_the_account_and_the_target_agree_in_the_end(bool back)
    {
        var points = await RunAsync(Strategy.InPlace, back, crashAt: 0);
        for (var crashAt = 1; crashAt <= points; crashAt += 3)
        {
            await RunAsync(Strategy.InPlace, back, crashAt);
        }
    }

    [Fact]
    public async Task In_place_the_way_back_levels_also_when_the_new_value_was_never_set()
    {
        using var harness = new StepHarness();
        await StopHalfDeliveredAsync(harness, Strategy.InPlace);
        harness.World.Refuse = call => call == "apply" ? StepOutcome.Rejected("not now") : null;
        await ForwardAsync(harness, until: StepKinds.Verify, mustSucceed: false);
        Assert.NotEqual(Old, harness.World.Target);

        harness.World.Refuse = _ => null;
        await BackAsync(harness, from: StepKinds.Verify);
        Assert.Equal((Old, Old), (harness.World.Target, harness.World.Accounts["a"]));
    }

    [Fact]
    public async Task With_two_keys_what_targets_sign_with_is_accepted_until_all_sign_with_the_old_one_again()
    {
        using var harness = new StepHarness();
        await StopHalfDeliveredAsync(harness, Strategy.DualKey);
        var stood = new List<string> { harness.World.Target! };
        harness.Crashes.Handler = _ => stood.Add(harness.World.Target!);
        await ForwardAsync(harness);

        var taken = stood[0].Split('+')[0];
        var fresh = await harness.CurrentValueAsync();
        Assert.Equal([$"{taken}+{Old}", $"{Old}+{taken}", $"{Old}+{fresh}", $"{fresh}+{Old}", fresh], stood.Distinct());
    }

    private static async Task<int> RunAsync(Strategy strategy, bool back, int crashAt)
    {
        using var harness = new StepHarness();
        await StopHalfDeliveredAsync(harness, strategy);
        var (points, lockedOut) = (0, new List<string>());
        harness.Crashes.Handler = point =>
        {
            if (!harness.World.Accounts.ContainsValue(harness.World.Target!))
            {
                lockedOut.Add(point);
            }

            if (++points == crashAt)
            {
                throw new SimulatedCrashException(point);
            }
        };
        await ForwardAsync(harness, back ? StepKinds.Promote : null);
        if (back)
        {
            await BackAsync(harness, StepKinds.Promote);
        }

        harness.Crashes.Handler = null;
        Assert.True(strategy == Strategy.InPlace || lockedOut.Count == 0, $"Crash {crashAt}: locked out at {string.Join(", ", lockedOut)}");
        Assert.Equal(back, harness.World.Target == Old);
        Assert.Equal(harness.World.Target, await harness.CurrentValueAsync());
        Assert.Contains(harness.World.Target, harness.World.Accounts.Values);
        var left = (await harness.StatesAsync()).Where(s => s is not (CredentialState.Active or CredentialState.Revoked));
        Assert.Equal(back ? [CredentialState.Pending] : [], left);
        return points;
    }

    /// <summary>A rotation is stopped before its promotion, with its value at the target, and the emergency's plan is made.</summary>
    private static async Task StopHalfDeliveredAsync(StepHarness harness, Strategy strategy)
    {
        harness.World.Accounts["a"] = Old;
        await harness.AdoptAsync(Old, "a", "a");
        await harness.StartAsync(await PlanAsync(harness, strategy, RotationTrigger.Manual));
        await ForwardAsync(harness, until: StepKinds.Promote);
        Assert.NotEqual(Old, harness.World.Target);
        await harness.StartAsync(await PlanAsync(harness, strategy, RotationTrigger.Emergency), supersede: true);
        Assert.Equal(StepKinds.TakeOver, harness.Plan.Steps[0].Kind);
    }

    private static async Task ForwardAsync(StepHarness harness, string? until = null, bool mustSucceed = true)
    {
        foreach (var step in harness.Plan.Steps.TakeWhile(s => s.Kind != until).Where(s => !Waiting.Contains(s.Kind)))
        {
            var outcome = await harness.RunThroughAsync(step);
            Assert.True(outcome.Succeeded || !mustSucceed, $"{step.Id}: {outcome.Kind}: {outcome.Reason}");
        }
    }

    private static async Task BackAsync(StepHarness harness, string from)
    {
        foreach (var step in harness.Plan.Steps.TakeWhile(s => s.Kind != from).Reverse())
        {
            foreach (var undo in step.Undo)
            {
                var outcome = await harness.RunThroughAsync(step, undo);
                Assert.True(outcome.Succeeded, $"{undo.Id}: {outcome.Kind}: {outcome.Reason}");
            }
        }
    }

    private static async Task<RotationPlan> PlanAsync(StepHarness harness, Strategy strategy, RotationTrigger trigger)
    {
        var policy = new Policy
        {
            Name = "app",
            Strategy = strategy,
            Provider = strategy == Strategy.DualKey ? new ProviderBinding("generated", [])
                : new ProviderBinding("accounts", new JsonObject { ["accounts"] = new JsonArray("a", "b"), ["account"] = "a" }),
            Targets = [new TargetBinding("env", new ProviderBinding("target", []), 0, TimeSpan.FromMinutes(1))],
        };
        var isEmergency = trigger == RotationTrigger.Emergency;
        var request =
            new PlanRequest(trigger, "a test", "tester", harness.Time.GetUtcNow(), isEmergency ? "INC-1" : null, Supersedes: isEmergency);
        return RotationPlanner.Plan(policy, (await harness.Ledger.GetSnapshotAsync("app", default))!, request, Descriptors, "hash");
    }

    private static ProviderDescriptor Describe(string id, Abilities abilities) => new(id, id, id, abilities, [], [], []);
}
