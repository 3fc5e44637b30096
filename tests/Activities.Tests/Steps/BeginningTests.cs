using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>What the ledger believes is compared with the provider before the first change.</summary>
public sealed class BeginningTests : IDisposable
{
    private const string Old = "the-old-password";
    private static readonly PlannedStep Look = Plans.Step(StepKinds.Validate, "accounts");
    private readonly StepHarness _harness = new();

    private FakeWorld World => _harness.World;

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task As_believed_it_begins()
    {
        await BeginAsync(Strategy.Alternate, "b");
        Assert.True((await _harness.RunAsync(Look)).Succeeded);
    }

    [Theory]
    [InlineData(Strategy.Alternate, "b")]
    [InlineData(Strategy.InPlace, "a")]
    public async Task A_value_in_use_that_the_provider_refuses_stops_it_with_what_to_do(Strategy strategy, string account)
    {
        await BeginAsync(strategy, account);
        World.Accounts["a"] = "set by hand";
        var outcome = await _harness.RunAsync(Look);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.StartsWith("The value on record as in use for a is refused by accounts, before anything was changed", outcome.Reason);
        Assert.Contains("rotunda adopt app", outcome.Reason);
        Assert.Contains("rotunda rotate app --emergency", outcome.Reason);
        Assert.DoesNotContain(Old, outcome.Reason);
    }

    [Fact]
    public async Task An_emergency_goes_on_and_its_way_back_sets_no_value_that_did_not_work()
    {
        await BeginAsync(Strategy.InPlace, "a", RotationTrigger.Emergency);
        World.Accounts["a"] = "set by hand";
        var looked = await _harness.RunAsync(Look);
        Assert.True(looked.Succeeded, looked.Reason);
        Assert.True(looked.Facts!.ContainsKey(StepFacts.Refused));

        Assert.True((await _harness.RunAsync(Plans.Step(StepKinds.Generate, "accounts"))).Succeeded);
        Assert.True((await _harness.RunAsync(Apply("a"))).Succeeded);
        var applied = World.Accounts["a"];
        var back = await _harness.RunAsync(Apply("a"), Plans.Undo(StepKinds.ReapplyOld, "accounts"));
        Assert.Equal(StepOutcomeKind.Rejected, back.Kind);
        Assert.Contains("did not work at the provider when this rotation began", back.Reason);
        Assert.Equal(applied, World.Accounts["a"]);

        // Not even when it works by now: the targets were not given it.
        World.Accounts["a"] = Old;
        var again = await _harness.RunAsync(Apply("a"), Plans.Undo(StepKinds.ReapplyOld, "accounts"), attempt: 2);
        Assert.Equal(StepOutcomeKind.Rejected, again.Kind);
    }

    [Fact]
    public async Task What_a_person_mended_before_the_last_look_is_no_hindrance_on_the_way_back()
    {
        await BeginAsync(Strategy.InPlace, "a", RotationTrigger.Emergency);
        World.Accounts["a"] = "set by hand";
        Assert.True((await _harness.RunAsync(Look)).Facts!.ContainsKey(StepFacts.Refused));
        World.Accounts["a"] = Old;
        Assert.True((await _harness.RunAsync(Look, attempt: 2)).Succeeded);

        Assert.True((await _harness.RunAsync(Plans.Step(StepKinds.Generate, "accounts"))).Succeeded);
        Assert.True((await _harness.RunAsync(Apply("a"))).Succeeded);
        var back = await _harness.RunAsync(Apply("a"), Plans.Undo(StepKinds.ReapplyOld, "accounts"));

        Assert.True(back.Succeeded, back.Reason);
        Assert.Equal(Old, World.Accounts["a"]);
    }

    /// <summary>Levelling would bring the dead value to targets where one works that Rotunda does not know.</summary>
    [Theory]
    [InlineData(StepKinds.Deliver)]
    [InlineData(StepKinds.ConfirmSync)]
    public async Task An_emergency_brings_the_value_that_was_refused_to_no_target_and_waits_for_it_nowhere(string kind)
    {
        await BeginAsync(Strategy.Alternate, "b", RotationTrigger.Emergency);
        (World.Accounts["a"], World.Target) = ("set by hand", "set by hand");
        Assert.True((await _harness.RunAsync(Look)).Succeeded);

        var step = Plans.Step(kind, "target", "env", null, (StepSettings.Primary, StepSettings.Old), (StepSettings.Level, "true"));
        var outcome = await _harness.RunAsync(step);
        Assert.True(outcome.Succeeded, outcome.Reason);
        Assert.Contains("left as it is", outcome.Facts!.Keys);
        Assert.Equal("set by hand", World.Target);
    }

    [Theory]
    [InlineData(RotationTrigger.Manual, StepOutcomeKind.Rejected)]
    [InlineData(RotationTrigger.Emergency, StepOutcomeKind.Done)]
    public async Task A_value_in_use_that_cannot_do_what_the_policy_asks_stops_it_and_is_not_called_stale(
        RotationTrigger trigger,
        StepOutcomeKind expected)
    {
        await BeginAsync(Strategy.Alternate, "b", trigger);
        World.Lacks = "a cannot run 'verifySql'.";
        var outcome = await _harness.RunAsync(Look);

        Assert.Equal(expected, outcome.Kind);
        Assert.Equal(
            expected == StepOutcomeKind.Done,
            outcome.Reason?.Contains("cannot do what the policy asks of every new one, before anything was changed") != true);
        Assert.DoesNotContain(StepFacts.Refused, outcome.Facts?.Keys ?? []);
    }

    [Fact]
    public async Task What_was_checked_long_before_an_approval_is_checked_again_before_the_first_change()
    {
        var again = Plans.Step(StepKinds.Validate, "accounts", null, null, (StepSettings.Within, "1h")) with { Id = "recheck" };
        await BeginAsync(Strategy.InPlace, "a");
        Assert.Equal(StepOutcomeKind.Done, (await _harness.RunAsync(Look)).Kind);
        World.Accounts["a"] = "set by hand while a person was asked";

        _harness.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await _harness.RunAsync(again)).Kind);
        _harness.Time.Advance(TimeSpan.FromMinutes(2));
        var late = await _harness.RunAsync(again, attempt: 2);

        Assert.Equal(StepOutcomeKind.Rejected, late.Kind);
        Assert.StartsWith("The value on record as in use for a is refused by accounts", late.Reason);
    }

    [Fact]
    public async Task An_idle_account_that_is_in_use_is_not_touched()
    {
        await BeginAsync(Strategy.Alternate, "b");
        World.Use = new UseReport(Use.InUse, "3 open session(s) of b.");
        World.Accounts["b"] = "unknown";
        var outcome = await _harness.RunAsync(Look);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("it is in use: 3 open session(s) of b. On record as in use is a, and its value works.", outcome.Reason);
        Assert.Contains("\"current: { id: b, value: … }\"", outcome.Reason);
    }

    [Fact]
    public async Task An_idle_account_that_is_open_is_not_touched_as_no_way_back_could_restore_it()
    {
        await BeginAsync(Strategy.Alternate, "b");
        World.Accounts["b"] = "unknown";
        var outcome = await _harness.RunAsync(Look);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("it is not locked: it can log in with a value that Rotunda does not know", outcome.Reason);
        Assert.Contains("lock b", outcome.Reason);
    }

    /// <summary>As an interrupted rotation leaves it: the next one takes it over.</summary>
    [Fact]
    public async Task An_account_that_an_earlier_rotation_opened_may_be_open()
    {
        await BeginAsync(Strategy.Alternate, "b");
        Assert.True(
            (await _harness.RunAsync(Plans.Step(StepKinds.Generate, "accounts", null, null, (StepSettings.Account, "b")))).Succeeded);
        Assert.True((await _harness.RunAsync(Apply("b"))).Succeeded);
        Assert.NotNull(World.Accounts["b"]);

        var again = await _harness.RunAsync(Look);
        Assert.True(again.Succeeded, again.Reason);
    }

    private static PlannedStep Apply(string account) =>
        Plans.Step(StepKinds.Apply, "accounts", null, null, (StepSettings.Account, account));

    private async Task BeginAsync(Strategy strategy, string account, RotationTrigger trigger = RotationTrigger.Manual)
    {
        World.Accounts["a"] = Old;
        World.Accounts["b"] = strategy == Strategy.Alternate ? null : "another";
        await _harness.AdoptAsync(Old, "a", "a");
        await _harness.StartAsync(Plans.Plan("app", 1, strategy, Look, Apply(account)) with { Trigger = trigger });
    }
}
