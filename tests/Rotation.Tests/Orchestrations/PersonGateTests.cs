using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Rotation.Tests.Orchestrations;

/// <summary>What people do outside: a value that they give, and the end of the old credential.</summary>
public sealed class PersonGateTests
{
    private static readonly StepOutcome s_nothing = StepOutcome.RetryLater("No value has been given yet.");
    private static readonly StepOutcome s_refused = StepOutcome.RetryLater("The value that was given does not do.") with
    {
        Facts = new Dictionary<string, string> { [StepFacts.Refusal] = "no login" },
    };

    [Fact]
    public void A_value_is_asked_for_with_reminders_and_the_rotation_goes_on_when_it_is_there()
    {
        var now = s_nothing;
        var rig = Rig(StepKinds.Ask, () => now).RunFor(TimeSpan.FromDays(3.5));

        Assert.Equal(RotationState.WaitingForValue, rig.Status.State);
        Assert.StartsWith("a value, due by 2026-01-12", rig.Status.WaitingFor);
        Assert.Null(rig.Status.Problem);
        Assert.StartsWith("rotunda provide sample-1 | ", rig.Status.NextAction);
        Assert.Equal(3, rig.Actions.Count(action => action == RotationActions.ValueReminded));
        Assert.DoesNotContain(rig.Calls, call => call.StartsWith("deliver", StringComparison.Ordinal));

        now = StepOutcome.Done();
        rig.Send(ControlVerb.Provide, "paula", step: "ask").RunTo(RotationState.Grace);
        Assert.Contains(RotationActions.ValueAccepted, rig.Actions);
        Assert.Equal(RotationState.Succeeded, rig.Run().Result.State);
    }

    [Fact]
    public void A_value_whose_message_was_lost_is_found_all_the_same()
    {
        var now = s_nothing;
        var rig = Rig(StepKinds.Ask, () => now).RunFor(TimeSpan.FromDays(1));

        now = StepOutcome.Done();
        rig.RunFor(TimeSpan.FromHours(3));

        Assert.Equal(RotationState.Grace, rig.Status.State);
    }

    [Fact]
    public void A_refused_value_is_said_and_asked_for_again_however_often()
    {
        var now = s_nothing;
        var rig = Rig(StepKinds.Ask, Once).RunFor(TimeSpan.FromHours(1));

        for (var times = 0; times < 5; times++)
        {
            now = s_refused;
            rig.Send(ControlVerb.Provide, "paula").RunFor(TimeSpan.FromSeconds(10));
            Assert.Equal(RotationState.WaitingForValue, rig.Status.State);
            Assert.Equal(s_refused.Reason, rig.Status.Problem);
            rig.RunFor(TimeSpan.FromMinutes(5));
            Assert.Equal(s_refused.Reason, rig.Status.Problem);
        }

        Assert.Equal(5, rig.Actions.Count(action => action == RotationActions.ValueRefused));
        now = StepOutcome.Done();
        Assert.Equal(RotationState.Succeeded, rig.Send(ControlVerb.Provide, "paula").Run().Result.State);

        // A value that was refused is gone: the next look finds none.
        StepOutcome Once()
        {
            var outcome = now;
            now = outcome.Succeeded ? outcome : s_nothing;
            return outcome;
        }
    }

    [Fact]
    public void Nobody_gives_one_in_time_and_the_rotation_ends_with_nothing_changed()
    {
        var rig = Rig(StepKinds.Ask, () => s_nothing).Run();

        Assert.Equal((RotationState.Cancelled, "nobody gave a value in time; nothing was changed"), (rig.Result.State, rig.Result.Reason));
        Assert.Contains(RotationActions.ValueExpired, rig.Actions);
        Assert.Equal(13, rig.Actions.Count(action => action == RotationActions.ValueReminded));
        Assert.DoesNotContain(rig.Calls, call => call.StartsWith("deliver", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_tried_when_its_time_is_over_is_not_given_up()
    {
        var given = StepOutcome.RetryLater("could not be asked") with
        {
            Facts = new Dictionary<string, string> { [StepFacts.Given] = "true" },
        };
        var now = s_nothing;
        var rig = Rig(StepKinds.Ask, () => now).RunFor(TimeSpan.FromDays(13.9));

        now = given;
        rig.Send(ControlVerb.Provide, "paula").RunFor(TimeSpan.FromDays(1));
        Assert.Equal(RotationState.WaitingForValue, rig.Status.State);
        Assert.Equal("could not be asked", rig.Status.Problem);

        now = StepOutcome.Done();
        Assert.Equal(RotationState.Succeeded, rig.Run().Result.State);
    }

    [Fact]
    public void The_old_credential_is_waited_for_until_a_person_has_ended_it()
    {
        var now = StepOutcome.RetryLater("the old credential still works");
        var rig = Rig(StepKinds.ConfirmRevoked, () => now).RunTo(RotationState.WaitingForRevoke).RunFor(TimeSpan.FromDays(2.5));

        Assert.Equal("the old credential still works", rig.Status.Problem);
        Assert.Equal(RotationRig.Ways("confirm", "skip-confirm-revoked"), rig.Status.NextAction);
        Assert.Equal(2, rig.Actions.Count(action => action == RotationActions.RevokeReminded));

        rig.Send(ControlVerb.Confirm, "paula").RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal(RotationState.WaitingForRevoke, rig.Status.State);
        Assert.Equal("paula", rig.Records.Single(record => record.Action == RotationActions.RevokeConfirmed).Actor);
        rig.Send(ControlVerb.Rollback, "paula").RunFor(TimeSpan.FromMinutes(1));
        Assert.Contains(RotationActions.ControlIgnored, rig.Actions);

        now = StepOutcome.Done();
        Assert.Equal(RotationState.Succeeded, rig.Send(ControlVerb.Confirm, "paula").Run().Result.State);
    }

    [Fact]
    public void A_rotation_whose_orchestration_is_started_anew_keeps_the_time_that_it_waits()
    {
        var rig = Rig(StepKinds.Ask, () => s_nothing).RunFor(TimeSpan.FromDays(2));

        Assert.Equal(rig.Status.WaitingUntil, rig.Resumed.Resume!.Until);
        Assert.Equal(rig.Plan.Steps.ToList().FindIndex(step => step.Kind == StepKinds.Ask), rig.Resumed.Resume.Position);
    }

    [Theory]
    [InlineData(StepKinds.Ask, RotationState.WaitingForValue)]
    [InlineData(StepKinds.ConfirmRevoked, RotationState.WaitingForRevoke)]
    public void An_emergency_that_waits_for_a_person_does_not_look_every_few_seconds(string kind, RotationState waits)
    {
        var now = s_nothing;
        var rig = Rig(kind, () => now, RotationTrigger.Emergency).RunTo(waits).RunFor(TimeSpan.FromDays(3));

        Assert.Equal(waits, rig.Status.State);
        Assert.InRange(rig.Inputs.Count(input => input.Step.Kind == kind), 5, 400);

        // What came without its message is found all the same, and what comes with one at once.
        now = StepOutcome.Done();
        _ = kind == StepKinds.Ask
            ? rig.RunFor(TimeSpan.FromMinutes(20))
            : rig.Send(ControlVerb.Confirm, "paula").RunFor(TimeSpan.FromMinutes(1));
        Assert.NotEqual(waits, rig.Status.State);
    }

    private static RotationRig Rig(
        string kind, Func<StepOutcome> now, RotationTrigger trigger = RotationTrigger.Schedule) => new(
        SamplePlans.Make(new() { Strategy = Strategy.Supplied, Trigger = trigger }),
        input => input.Step.Kind == kind && input.Undo is null ? now() : StepOutcome.Done());
}
