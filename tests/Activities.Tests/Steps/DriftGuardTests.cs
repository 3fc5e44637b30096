using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>What stands at a target is compared with the value in use before a rotation writes there, and what goes back comes from
/// the store.</summary>
public sealed class DriftGuardTests : IDisposable
{
    private static readonly PlannedStep Generate = Plans.Step("Generate", "generated");
    private static readonly PlannedStep Deliver =
        Plans.Step("Deliver", "target", "env", settings: (StepSettings.OnDrift, StepSettings.Stop));
    private static readonly PlannedStep Check =
        Plans.Step("Validate", "target", "env", settings: (StepSettings.OnDrift, StepSettings.Stop));
    private static readonly PlannedUndo Redeliver = Plans.Undo("Redeliver", "target", "env");
    private readonly StepHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task A_check_finds_what_was_edited_by_hand_and_stops_before_anything_is_touched()
    {
        await RotatedOnceAsync();
        _harness.World.Target = "edited by hand";
        await StartAsync();

        var check = await _harness.RunAsync(Check);

        Assert.Equal(StepOutcomeKind.Rejected, check.Kind);
        Assert.Contains("env has drifted", check.Reason);
        Assert.Contains("rotunda deliver app", check.Reason);
        Assert.Equal("edited by hand", _harness.World.Target);
    }

    [Fact]
    public async Task What_was_edited_after_the_check_is_not_overwritten_either()
    {
        await RotatedOnceAsync();
        await StartAsync();
        await MustAsync(Check);
        await MustAsync(Generate);
        _harness.World.Target = "edited meanwhile";

        Assert.Equal(StepOutcomeKind.Rejected, (await _harness.RunAsync(Deliver)).Kind);
        await MustAsync(Deliver, Redeliver);

        Assert.Equal("edited meanwhile", _harness.World.Target);
    }

    [Fact]
    public async Task Where_the_policy_overwrites_it_is_on_record_and_the_way_back_takes_the_value_from_the_store()
    {
        await RotatedOnceAsync();
        var inUse = _harness.World.Target;
        _harness.World.Target = "broken by hand";
        await StartAsync();

        Assert.Equal("not there", (await MustAsync(Plans.Step("Validate", "target", "env"))).Facts![StepFacts.Drift]);
        await MustAsync(Generate);
        Assert.Equal("not there", (await MustAsync(Plans.Step("Deliver", "target", "env"))).Facts![StepFacts.Drift]);
        await MustAsync(Deliver, Redeliver);

        Assert.Equal(inUse, _harness.World.Target);
    }

    [Fact]
    public async Task A_deletion_is_told_and_what_goes_back_is_the_value_in_use()
    {
        await RotatedOnceAsync();
        var inUse = _harness.World.Target;
        _harness.World.Target = null;
        await StartAsync();

        Assert.NotNull((await MustAsync(Check)).Facts![StepFacts.Drift]);
        await MustAsync(Generate);
        await MustAsync(Deliver);
        await MustAsync(Deliver, Redeliver);

        Assert.Equal(inUse, _harness.World.Target);
    }

    [Fact]
    public async Task A_target_that_was_never_delivered_to_does_not_stop_the_first_rotation()
    {
        await _harness.AdoptAsync("the-old-value", null, null);
        _harness.World.Target = "the-old-value, written in another way";
        await StartAsync();

        await MustAsync(Check);
        await MustAsync(Generate);
        await MustAsync(Deliver);
    }

    [Fact]
    public async Task A_value_of_its_own_that_an_earlier_rotation_left_there_is_no_drift()
    {
        await RotatedOnceAsync();
        await StartAsync();
        await MustAsync(Generate);
        await MustAsync(Deliver);
        await _harness.StartAsync(Strategy.DualKey, supersede: true, steps: [Generate, Deliver]);

        await MustAsync(Check);
    }

    /// <summary>Its rotation was superseded by one that brought the new value to all but this target, and nothing ended the credential
    /// before.</summary>
    [Theory]
    [InlineData("the-old-value", "hold-before", StepOutcomeKind.Rejected)]
    [InlineData("the-old-value", "hold", StepOutcomeKind.Done)]
    [InlineData(null, "hold-before", StepOutcomeKind.Done)]
    public async Task A_target_that_has_the_credential_which_the_new_value_would_end_is_not_left_behind(
        string? there, string hold, StepOutcomeKind expected)
    {
        await _harness.AdoptAsync("the-old-value", null, null);
        await StartAsync();
        await MustAsync(Generate);
        await MustAsync(Deliver);
        await MustAsync(Plans.Step("Promote", "generated"));
        Assert.Equal([CredentialState.Previous, CredentialState.Active], await _harness.StatesAsync());
        var inUse = _harness.World.Target;
        _harness.World.Target = there ?? inUse;
        var check = Plans.Step("Validate", "target", "env");
        await _harness.StartAsync(Strategy.Alternate, supersede: true, steps: [check, Plans.Step("Hold", null, id: hold), Deliver]);

        var outcome = await _harness.RunAsync(check);

        Assert.Equal(expected, outcome.Kind);
        if (expected == StepOutcomeKind.Rejected)
        {
            Assert.Contains("env still has the credential of rotation 0", outcome.Reason);
            Assert.Contains("rotunda deliver app", outcome.Reason);
            Assert.DoesNotContain("the-old-value", outcome.Reason);
            _harness.World.Target = inUse;
            Assert.True((await _harness.RunAsync(check, attempt: 2)).Succeeded);
        }
    }

    [Fact]
    public async Task The_way_back_of_a_delivery_of_the_value_in_use_puts_back_what_was_found()
    {
        await _harness.AdoptAsync("the-old-value", null, null);
        _harness.World.Target = "the one that worked";
        var deliver = Plans.Step("Deliver", "target", "env", settings: (StepSettings.Primary, StepSettings.Old));
        await _harness.StartAsync(Strategy.Deliver, steps: [deliver]);
        await MustAsync(deliver);
        Assert.Equal("the-old-value", _harness.World.Target);

        await MustAsync(deliver, Redeliver with { Settings = new Dictionary<string, string> { [StepSettings.Found] = "true" } });

        Assert.Equal("the one that worked", _harness.World.Target);
    }

    [Fact]
    public async Task A_delivery_of_the_value_in_use_is_no_rotation_to_the_schedule()
    {
        await RotatedOnceAsync();
        var before = (await _harness.Ledger.GetSecretAsync("app", default))!;
        var finish = Plans.Step("Finish", null);
        _harness.Time.Advance(TimeSpan.FromDays(3));
        await _harness.StartAsync(Strategy.Deliver, steps: [finish]);
        await MustAsync(finish);
        await EndAsync(RotationState.Succeeded);
        await _harness.StartAsync(Strategy.Deliver, steps: [finish]);
        await EndAsync(RotationState.RolledBack);

        var after = (await _harness.Ledger.GetSecretAsync("app", default))!;
        Assert.Equal((before.LastRotatedAt, 0), (after.LastRotatedAt, after.FailuresInARow));
        Assert.Equal(before.LastNumber + 2, after.LastNumber);
    }

    private async Task RotatedOnceAsync()
    {
        await _harness.AdoptAsync("the-old-value", null, null);
        await StartAsync();
        await MustAsync(Generate);
        await MustAsync(Deliver);
        await MustAsync(Plans.Step("Promote", "generated"));
        await MustAsync(Plans.Step("Revoke", "generated"));
        await EndAsync(RotationState.Succeeded);
    }

    private Task StartAsync() => _harness.StartAsync(Strategy.DualKey, steps: [Generate, Deliver]);

    private Task EndAsync(RotationState state) => _harness.Ledger.RecordStateAsync(
        new RecordInput(
            _harness.Plan.RotationId, _harness.Plan.Number, 1, state, RotationActions.Of(state), Actors.Rotunda, null, null),
        default);

    private async Task<StepOutcome> MustAsync(PlannedStep step, PlannedUndo? undo = null)
    {
        var outcome = await _harness.RunAsync(step, undo);
        Assert.True(outcome.Succeeded, $"{outcome.Kind}: {outcome.Reason}");
        return outcome;
    }
}
