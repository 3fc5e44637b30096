using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Rotation.Tests.Orchestrations;

/// <summary>Steps that are done in slices: they go on without spending retries, show how far they are, and halt when asked.</summary>
public sealed class SliceTests
{
    private static readonly SamplePlanOptions s_options = new() { Strategy = Strategy.ReEncrypt };

    [Fact]
    public void Slices_cost_no_retries()
    {
        var rig = new RotationRig(SamplePlans.Make(s_options), Slices("migrate", 500)).Run();

        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.Equal(501, rig.Calls.Count(c => c == "migrate"));
    }

    [Fact]
    public void Failures_count_from_the_last_slice_on()
    {
        // One failure after each slice, more of them than the budget of four attempts.
        var rig = new RotationRig(SamplePlans.Make(
            s_options), input => input.Step.Id != "migrate" || input.Undo is not null ? StepOutcome.Done()
            : input.Attempt > 40
                ? StepOutcome.Done()
                : input.Attempt % 2 == 0 ? StepOutcome.RetryLater("busy") : Part(input.Attempt)).Run();

        Assert.Equal(RotationState.Succeeded, rig.Result.State);
    }

    [Fact]
    public void The_status_says_how_far_it_is()
    {
        var rig = new RotationRig(SamplePlans.Make(s_options), Slices("migrate", 50));
        rig.Orchestrator.Run(() => rig.Calls.Count(c => c == "migrate") == 20);

        Assert.Equal("migrate", rig.Status.StepId);
        Assert.Equal("20 of 1,000 rows, 100 a second, about 10s left", rig.Status.Progress!.ToString());
        Assert.Contains(RotationRig.Ways("pause"), rig.Status.NextAction, StringComparison.Ordinal);
    }

    [Fact]
    public void The_progress_is_the_present_steps_alone()
    {
        var rig = new RotationRig(SamplePlans.Make(s_options), Slices("migrate", 5)).RunTo(RotationState.Grace);

        Assert.Null(rig.Status.Progress);
        Assert.DoesNotContain("pause", rig.Status.NextAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pause_halts_between_slices_and_a_resume_goes_on()
    {
        var rig = new RotationRig(SamplePlans.Make(s_options), Slices("migrate", 50));
        rig.Orchestrator.Run(() => rig.Calls.Count(c => c == "migrate") == 10);
        rig.Send(ControlVerb.Pause, "alice").Run();

        Assert.Equal(RotationState.Paused, rig.Status.State);
        Assert.Equal(RotationState.Paused, rig.Records[^1].State);
        Assert.Equal(("a resume", 1000), (rig.Status.WaitingFor, rig.Status.Progress!.Total));
        Assert.Equal(RotationRig.Ways("resume", "rollback", "cancel"), rig.Status.NextAction);
        var before = rig.Calls.Count;
        rig.Send(ControlVerb.Pause, "bob").RunFor(TimeSpan.FromDays(1));
        Assert.Equal((before, RotationActions.ControlIgnored), (rig.Calls.Count, rig.Records[^1].Action));

        rig.Send(ControlVerb.Resume, "bob").Run();
        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.Equal(51, rig.Calls.Count(c => c == "migrate"));
        Assert.Equal(
            [RotationActions.Paused, RotationActions.ControlIgnored, RotationActions.Resumed],
            rig.Actions.Where(a => a is RotationActions.Paused or RotationActions.ControlIgnored or RotationActions.Resumed));
    }

    [Theory]
    [InlineData(ControlVerb.Rollback, RotationState.RolledBack, false)]
    [InlineData(ControlVerb.Cancel, RotationState.Cancelled, false)]
    [InlineData(ControlVerb.Rollback, RotationState.RolledBack, true)]
    [InlineData(ControlVerb.Supersede, RotationState.Superseded, true)]
    public void It_can_be_ended_between_slices_and_while_paused(ControlVerb verb, RotationState end, bool paused)
    {
        var rig = new RotationRig(SamplePlans.Make(s_options), Slices("migrate", 50));
        rig.Orchestrator.Run(() => rig.Calls.Count(c => c == "migrate") == 10);
        if (paused)
        {
            rig.Send(ControlVerb.Pause, "alice").Run();
        }

        rig.Send(verb, "alice").Run();

        Assert.Equal(end, rig.Result.State);
        Assert.InRange(rig.Calls.Count(c => c == "migrate"), 9, 11);
        Assert.Equal(end != RotationState.Superseded, rig.Calls.Contains("restorerows-migrate"));
    }

    [Fact]
    public void An_undo_goes_on_in_slices_and_halts_too()
    {
        var rig = new RotationRig(SamplePlans.Make(s_options), InterpreterTests.Either(
            InterpreterTests.Fail("verifyrows", StepOutcome.Rejected("no")), Slices("restorerows-migrate", 30)));
        rig.Orchestrator.Run(() => rig.Calls.Count(c => c == "restorerows-migrate") == 10);
        Assert.Equal(RotationState.RollingBack, rig.Status.State);
        rig.Send(ControlVerb.Pause, "alice").Run();
        Assert.Equal(
            (RotationState.Paused, RotationRig.Ways("resume", "rollback")),
            (rig.Status.State, rig.Status.NextAction));

        rig.Send(ControlVerb.Resume, "alice").Run();
        Assert.Equal(RotationState.RolledBack, rig.Result.State);
        Assert.Equal(31, rig.Calls.Count(c => c == "restorerows-migrate"));
    }

    [Fact]
    public void What_is_not_done_in_slices_cannot_be_paused()
    {
        var rig = new RotationRig(SamplePlans.Make(s_options));
        rig.Orchestrator.Run(() => rig.Calls.Contains("generate"));
        rig.Send(ControlVerb.Pause, "alice").Run();

        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.Contains(
            rig.Records,
            r => r.Action == RotationActions.ControlIgnored
                && r.Detail!.Contains("only a step that is done in slices", StringComparison.Ordinal));
    }

    [Fact]
    public void An_approval_shows_what_was_found_and_what_the_plan_warns_of()
    {
        var plan = Samples.Plan(Planning.PlanCases.Guarded(Strategy.ReEncrypt, "rows")) with
        {
            Warnings = ["Nobody checks.", "Keep the old key."],
        };
        var rig = new RotationRig(plan, Found).RunTo(RotationState.WaitingForApproval);

        const string Shown =
            "(rows 1234, estimate 40s, room about 9 MB, note each update runs triggers audit). Nobody checks. Keep the old key.";
        Assert.Equal("approval to start " + Shown, rig.Status.WaitingFor);
        Assert.Equal("Approval to start " + Shown, rig.Records[^1].Detail);
    }

    [Fact]
    public void An_approval_of_a_plan_from_before_shows_the_one_step_that_it_names()
    {
        var plan = Samples.Plan(Planning.PlanCases.Guarded(Strategy.ReEncrypt, "rows"));
        var before = new Dictionary<string, string>(
            StringComparer.Ordinal) { [StepSettings.ApproveWhat] = "start", [StepSettings.Shows] = "rehearse" };
        plan = plan with
        {
            Warnings = ["Not shown."],
            Steps = [.. plan.Steps.Select(step => step.Kind == StepKinds.Approval ? step with { Settings = before } : step)],
        };
        var rig = new RotationRig(plan, Found).RunTo(RotationState.WaitingForApproval);

        Assert.Equal("approval to start (rows 1234, estimate 40s)", rig.Status.WaitingFor);
        Assert.Equal("Approval to start (rows 1234, estimate 40s)", rig.Records[^1].Detail);
    }

    private static StepOutcome Found(StepInput input) => input.Step.Id switch
    {
        "preflight" => StepOutcome.Done((StepFacts.Rows, "1233"), ("room", "about 9 MB"), ("note", "each update runs triggers audit")),
        "rehearse" => StepOutcome.Done((StepFacts.Rows, "1234"), ("estimate", "40s"), (StepFacts.Cursor, "x")),
        _ => StepOutcome.Done(),
    };

    /// <summary>Answers the step or undo of this id with so many parts before it is done.</summary>
    private static Func<StepInput, StepOutcome> Slices(string id, int parts) =>
        input => (input.Undo?.Id ?? input.Step.Id) == id && input.Attempt <= parts ? Part(input.Attempt) : StepOutcome.Done();

    private static StepOutcome Part(int number) =>
        StepOutcome.Continue((StepFacts.Rows, $"{number}"), (StepFacts.Total, "1000"), (StepFacts.Rate, "100"), (StepFacts.Left, "10"));
}
