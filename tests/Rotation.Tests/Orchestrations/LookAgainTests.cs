using Rotunda.Interpreter;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Rotation.Tests.Orchestrations;

/// <summary>What is stuck because nothing answered is looked at again for a day; what a person stopped says when it is due again.</summary>
public sealed class LookAgainTests
{
    [Theory]
    [InlineData("issue", StepOutcomeKind.Unknown)]
    [InlineData("revoke", StepOutcomeKind.RetryLater)]
    public void It_goes_on_by_itself_once_the_cause_is_gone(string step, StepOutcomeKind kind)
    {
        var rig = Rig(new(), InterpreterTests.Fail(step, new StepOutcome(kind, "no answer"), times: 14)).RunTo(RotationState.Stuck);
        Assert.Equal(("another look", "no answer"), (rig.Status.WaitingFor, rig.Status.Problem?.Split(": ")[1]));
        Assert.InRange(rig.Records[^1].Until!.Value - rig.Orchestrator.Now, TimeSpan.FromHours(23), TimeSpan.FromDays(1));

        rig.Run();
        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.Equal(Actors.Rotunda, rig.Records.Single(r => r.Action == RotationActions.Resumed).Actor);
        Assert.Single(rig.Records, r => r.Action == RotationActions.Stuck);
        var looks = rig.Calls.Zip(rig.CallTimes).Where(c => c.First == step).Select(c => c.Second).Skip(4).ToList();
        Assert.All(
            looks.Zip(looks.Skip(1)),
            pair => Assert.InRange(pair.Second - pair.First, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(7)));
    }

    [Fact]
    public void After_a_day_a_person_is_needed()
    {
        var rig = Rig(new(), InterpreterTests.Fail("revoke", StepOutcome.Unknown("no answer"), times: 9999)).Run();

        Assert.Equal((RotationState.Stuck, "a person"), (rig.Status.State, rig.Status.WaitingFor));
        Assert.Null(rig.Records[^1].Until);
        Assert.InRange(rig.CallTimes[^1] - rig.CallTimes[rig.Calls.IndexOf("revoke")], TimeSpan.FromHours(23.5), TimeSpan.FromHours(24.5));
        Assert.Equal(2, rig.Actions.Count(a => a == RotationActions.Stuck));
    }

    [Fact]
    public void A_person_need_not_wait_for_the_next_look()
    {
        var rig = Rig(new(), InterpreterTests.Fail("issue", StepOutcome.Unknown("no answer"), times: 6)).RunTo(RotationState.Stuck);
        var before = rig.Orchestrator.Now;
        rig.Send(ControlVerb.Resume, "anna").RunTo(RotationState.Grace);

        Assert.True(rig.Orchestrator.Now - before < TimeSpan.FromMinutes(1));
        Assert.Equal("anna", rig.Records.Single(r => r.Action == RotationActions.Resumed).Actor);
    }

    [Fact]
    public void An_answer_that_is_no_needs_a_person_at_once()
    {
        var rig = Rig(new(), input => input.Step.Id != "revoke" ? StepOutcome.Done()
            : input.Attempt <= 6 ? StepOutcome.Unknown("no answer") : StepOutcome.Rejected("not allowed")).Run();

        Assert.Equal(("a person", "Revoke: not allowed"), (rig.Status.WaitingFor, rig.Status.Problem));
        Assert.Equal(8, rig.Calls.Count(c => c == "revoke"));
    }

    [Fact]
    public void A_way_back_and_a_gate_are_looked_at_again_too()
    {
        var back = Rig(new(), InterpreterTests.Either(
            InterpreterTests.Fail("verify", StepOutcome.Rejected("no")),
            InterpreterTests.Fail("revokenew-issue", StepOutcome.RetryLater("busy"), times: 9))).Run();
        Assert.Equal(RotationState.RolledBack, back.Result.State);
        Assert.Equal(10, back.Calls.Count(c => c == "revokenew-issue"));

        var gate = Rig(new() { Evidence = true }, InterpreterTests.Fail("evidence", StepOutcome.Unknown("no answer"), times: 9)).Run();
        Assert.Equal(RotationState.Succeeded, gate.Result.State);
        Assert.Equal(10, gate.Calls.Count(c => c == "evidence"));
    }

    [Fact]
    public void The_ways_out_stay_while_a_look_is_under_way()
    {
        var rig = Rig(new(), InterpreterTests.Fail("issue", StepOutcome.Unknown("no answer"), times: 40));
        rig.Orchestrator.Run(() => rig.Calls.Count(c => c == "issue") > 5);

        Assert.Equal(RotationState.Stuck, rig.Status.State);
        Assert.Equal(RotationRig.Ways("resume", "rollback", "cancel", "emergency"), rig.Status.NextAction);
    }

    [Theory]
    [InlineData(null, 24)]
    [InlineData(72, 72)]
    public void Who_cancels_may_say_when_it_is_due_again(int? hours, int expected)
    {
        var plan = SamplePlans.Make(new() { ApproveStart = true }) with { AskAgain = TimeSpan.FromDays(1) };
        var rig = new RotationRig(plan).RunTo(RotationState.WaitingForApproval);
        var again = hours is { } h ? TimeSpan.FromHours(h) : (TimeSpan?)null;
        rig.Orchestrator.Raise(RotationNames.ControlEvent, new ControlMessage(ControlVerb.Cancel, "anna", "not now", Again: again));
        var said = rig.Orchestrator.Now;
        rig.Run();

        Assert.Equal(said + TimeSpan.FromHours(expected), rig.Records[^1].Until);
    }

    [Fact]
    public void No_answer_in_time_is_nobodys_word()
    {
        var plan = SamplePlans.Make(new() { ApproveStart = true }) with { AskAgain = TimeSpan.FromDays(1) };

        Assert.Null(new RotationRig(plan).Run().Records[^1].Until);
    }

    private static RotationRig Rig(SamplePlanOptions options, Func<StepInput, StepOutcome>? script = null) =>
        new(SamplePlans.Make(options), script);
}
