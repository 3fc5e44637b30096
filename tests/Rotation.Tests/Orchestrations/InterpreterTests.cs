using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Rotation.Tests.Orchestrations;

public sealed class InterpreterTests
{
    private static readonly StepOutcome s_done = StepOutcome.Done();

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Runs_every_step_once_and_in_order(Strategy strategy)
    {
        var rig = Rig(new() { Strategy = strategy }).Run();

        Assert.Equal(new RotationResult(RotationState.Succeeded, null), rig.Result);
        Assert.Equal(rig.Plan.Steps.Where(s => s.Kind != StepKinds.Grace).Select(s => s.Id), rig.Calls);
        Assert.Equal(RotationActions.Started, rig.Records[0].Action);
        Assert.Equal(RotationActions.Succeeded, rig.Records[^1].Action);
        Assert.Equal(RotationState.Succeeded, rig.Records[^1].State);
        Assert.Equal(Enumerable.Range(1, rig.Records.Count), rig.Records.Select(r => r.Sequence));
    }

    [Fact]
    public void Tells_each_step_its_rotation_number_and_attempt()
    {
        var rig = Rig(new(), Fail("verify", StepOutcome.RetryLater("busy"), times: 2)).Run();

        Assert.All(rig.Inputs, i => Assert.Equal((rig.Plan.RotationId, rig.Plan.Number), (i.RotationId, i.Number)));
        Assert.Equal([1, 2, 3], rig.Inputs.Where(i => i.Step.Id == "verify").Select(i => i.Attempt));
    }

    [Fact]
    public void A_plan_of_another_version_waits_in_the_open()
    {
        var rig = new RotationRig(SamplePlans.Make(new()) with { InterpreterVersion = 99 }).Run();

        Assert.False(rig.Orchestrator.HasEnded);
        Assert.Equal(RotationState.Stuck, rig.Status.State);
        Assert.Contains("version 99", rig.Status.Problem);
        Assert.Empty(rig.Calls);

        rig.Send(ControlVerb.Resume).Run();
        Assert.Equal(RotationState.Stuck, rig.Status.State);
        Assert.Equal([1, 2, 3], rig.Records.Select(r => r.Sequence));

        rig.Send(ControlVerb.Cancel).Run();
        Assert.Equal(RotationState.Cancelled, rig.Result.State);
    }

    [Fact]
    public void What_is_said_while_a_resume_at_another_version_is_recorded_is_not_lost()
    {
        RotationRig? rig = null;
        rig = new RotationRig(
            SamplePlans.Make(new()) with { InterpreterVersion = 99 },
            options: new SimulationOptions { Latency = SayWhileRecorded });
        TimeSpan SayWhileRecorded(SimulatedCall call)
        {
            if (call.Input<RecordInput>().Action == RotationActions.Resumed)
            {
                rig!.Send(ControlVerb.SkipGrace).Send(ControlVerb.Resume).Send(ControlVerb.Cancel, "ada");
            }

            return TimeSpan.FromSeconds(1);
        }

        rig.Run().Send(ControlVerb.Resume).Run();

        Assert.Equal(RotationState.Cancelled, rig.Result.State);
        Assert.Equal(
            [RotationActions.Stuck, RotationActions.Resumed, RotationActions.ControlIgnored, RotationActions.Of(RotationState.Cancelled)],
            rig.Actions);
    }

    [Fact]
    public void Rejected_rolls_back_newest_first()
    {
        var rig = Rig(new() { Strategy = Strategy.Alternate }, Fail("verify-consumers", StepOutcome.Rejected("no login"))).Run();

        Assert.Equal(RotationState.RolledBack, rig.Result.State);
        Assert.Contains("no login", rig.Result.Reason);
        Assert.Equal(
            ["redeliver-deliver-app-2", "redeliver-deliver-app-1", "revokenew-apply", "discardpending-generate"],
            rig.Inputs.Where(i => i.Undo is not null).Select(i => i.Undo!.Id));
        Assert.Contains(RotationActions.RollbackStarted, rig.Actions);
        Assert.Equal(RotationActions.RolledBack, rig.Records[^1].Action);
    }

    [Fact]
    public void A_step_counts_for_the_way_back_as_soon_as_it_was_started()
    {
        var rig = Rig(new(), Fail("issue", StepOutcome.Rejected("quota"))).Run();

        Assert.Equal(["validate", "issue", "revokenew-issue", "discardpending-issue"], rig.Calls);
    }

    [Fact]
    public void Retry_later_until_the_budget_is_spent_rolls_back()
    {
        var rig = Rig(new(), Fail("verify", StepOutcome.RetryLater("busy"), times: 99)).Run();

        Assert.Equal(RotationState.RolledBack, rig.Result.State);
        Assert.Equal(rig.Plan.Steps[0].Retry.Attempts, rig.Calls.Count(c => c == "verify"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Unknown_until_the_budget_is_spent_is_stuck_and_resume_looks_on(bool throws)
    {
        var rig = Rig(new(), Fail("issue", StepOutcome.Unknown("lost"), times: 4, throws)).RunTo(RotationState.Stuck);

        Assert.Equal(RotationState.Stuck, rig.Status.State);
        Assert.Contains("lost", rig.Status.Problem);
        Assert.Equal(RotationRig.Ways("resume", "rollback", "cancel", "emergency"), rig.Status.NextAction);

        rig.Send(ControlVerb.Resume).Run();
        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.Equal([1, 2, 3, 4, 5], rig.Inputs.Where(i => i.Step.Id == "issue").Select(i => i.Attempt));
        Assert.Contains(RotationActions.Resumed, rig.Actions);
    }

    [Theory]
    [InlineData(ControlVerb.Rollback, RotationState.RolledBack)]
    [InlineData(ControlVerb.Cancel, RotationState.Cancelled)]
    [InlineData(ControlVerb.Supersede, RotationState.Superseded)]
    public void Stuck_before_promotion_can_be_ended(ControlVerb verb, RotationState end)
    {
        var rig = Rig(new(), Fail("issue", StepOutcome.Unknown("lost"), times: 4)).RunTo(RotationState.Stuck).Send(verb).Run();

        Assert.Equal(end, rig.Result.State);
        Assert.Equal(end != RotationState.Superseded, rig.Calls.Contains("revokenew-issue"));
    }

    [Fact]
    public void New_value_needed_undoes_back_to_the_making_and_makes_another()
    {
        var rig = Rig(
            new() { Strategy = Strategy.Alternate, Targets = ["app"] },
            Fail("verify", StepOutcome.NewValueNeeded("too weak"), times: 2)).Run();

        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.Equal(
            [
                "validate", "generate", "apply", "verify", "revokenew-apply", "discardpending-generate", "generate", "apply", "verify",
                "revokenew-apply", "discardpending-generate", "generate",
            ],
            rig.Calls.Take(12));
        Assert.Equal(2, rig.Actions.Count(a => a == RotationActions.ValueReplaced));
    }

    [Fact]
    public void New_value_needed_more_than_three_times_rolls_back()
    {
        var rig = Rig(new(), Fail("issue", StepOutcome.NewValueNeeded("too weak"), times: 99)).Run();

        Assert.Equal(RotationState.RolledBack, rig.Result.State);
        Assert.Equal(4, rig.Calls.Count(c => c == "issue"));
    }

    [Theory]
    [InlineData("issue")]
    [InlineData("deliver-app-2")]
    [InlineData("revoke")]
    public void Fenced_ends_superseded_and_undoes_nothing(string step)
    {
        var rig = Rig(new(), Fail(step, StepOutcome.Fenced("rotation 2 has taken over"))).Run();

        Assert.Equal(RotationState.Superseded, rig.Result.State);
        Assert.DoesNotContain(rig.Inputs, i => i.Undo is not null);
        Assert.Equal(RotationActions.Superseded, rig.Records[^1].Action);
    }

    [Fact]
    public void Fenced_while_rolling_back_ends_superseded()
    {
        var rig = Rig(new(), input => input.Step.Id == "verify" ? StepOutcome.Rejected("no")
            : input.Undo?.Kind == StepKinds.RevokeNew ? StepOutcome.Fenced("newer") : s_done).Run();

        Assert.Equal(RotationState.Superseded, rig.Result.State);
        Assert.DoesNotContain("discardpending-issue", rig.Calls);
    }

    [Theory]
    [InlineData(StepOutcomeKind.Rejected)]
    [InlineData(StepOutcomeKind.RetryLater)]
    [InlineData(StepOutcomeKind.Unknown)]
    [InlineData(StepOutcomeKind.NewValueNeeded)]
    public void A_failure_after_promotion_is_stuck_and_goes_on_when_resumed(StepOutcomeKind kind)
    {
        var rig = Rig(new(), Fail("revoke", new StepOutcome(kind, "not now"), times: 4)).RunTo(RotationState.Stuck);

        for (var more = 0; !rig.Orchestrator.HasEnded && more < 4; more++)
        {
            Assert.Equal(RotationState.Stuck, rig.Status.State);
            Assert.Equal(RotationRig.Ways("resume", "emergency"), rig.Status.NextAction);
            rig.Send(ControlVerb.Resume).Run();
        }

        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.DoesNotContain(rig.Inputs, i => i.Undo is not null);
    }

    [Fact]
    public void Once_the_revoke_was_started_there_is_no_way_back()
    {
        var rig = Rig(new(), Fail("revoke", StepOutcome.Rejected("not allowed"))).Run().Send(ControlVerb.Rollback, "op").Run();

        Assert.Equal(RotationState.Stuck, rig.Status.State);
        var ignored = Assert.Single(rig.Records, r => r.Action == RotationActions.ControlIgnored);
        Assert.Equal("op", ignored.Actor);
        Assert.Contains("the old credential is revoked; start a new rotation", ignored.Detail);
        Assert.Equal(RotationState.Succeeded, rig.Send(ControlVerb.Resume).Run().Result.State);
    }

    [Fact]
    public void A_late_delivery_without_undo_retires_the_old_credential()
    {
        var rig = Rig(new() { Strategy = Strategy.DualKey }, Fail("retire-old-app-1", StepOutcome.Rejected("read-only"))).Run().Send(
            ControlVerb.Rollback).Run();

        Assert.Equal(RotationState.Stuck, rig.Status.State);
        Assert.Contains(RotationActions.ControlIgnored, rig.Actions);
        rig.Send(ControlVerb.Resume).Run();
        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.Equal(1, rig.Calls.Count(c => c == "retire-old-app-2"));
    }

    [Fact]
    public void A_forward_only_step_stops_and_waits_instead_of_going_back()
    {
        var plan = SamplePlans.Make(new() { Strategy = Strategy.InPlace });
        var apply = plan.Steps.Single(s => s.Kind == StepKinds.Apply);
        var forward = apply with { Undo = [], Settings = new Dictionary<string, string>(apply.Settings) { ["forwardOnly"] = "true" } };
        var rig = new RotationRig(
            plan with { Steps = [.. plan.Steps.Select(s => s == apply ? forward : s)] },
            Fail("deliver-app-1", StepOutcome.Rejected("read-only"))).Run();

        Assert.Equal(RotationRig.Ways("resume", "emergency"), rig.Status.NextAction);
        rig.Send(ControlVerb.Rollback).Send(ControlVerb.Resume).Run();
        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.DoesNotContain(rig.Inputs, i => i.Undo is not null);
    }

    [Fact]
    public void After_an_emergency_revoked_first_a_failure_is_stuck_and_a_new_value_is_still_made()
    {
        var plan = SamplePlans.Make(new() { Trigger = RotationTrigger.Emergency, Grace = TimeSpan.Zero });
        var steps = plan.Steps.Where(s => s.Kind != StepKinds.Revoke).ToList();
        steps.Insert(1, plan.Steps.Single(s => s.Kind == StepKinds.Revoke));
        var failing = Fail("issue", StepOutcome.NewValueNeeded("taken"), times: 1);
        var rig = new RotationRig(
            plan with { Steps = steps },
            input => input.Step.Id == "verify" && input.Attempt == 1 ? StepOutcome.Rejected("no") : failing(input))
            .RunTo(RotationState.Stuck);

        Assert.Equal(RotationState.Stuck, rig.Status.State);
        rig.Send(ControlVerb.Cancel).Send(ControlVerb.Rollback).Run();
        Assert.Equal(2, rig.Actions.Count(a => a == RotationActions.ControlIgnored));
        Assert.Equal(RotationState.Succeeded, rig.Send(ControlVerb.Resume).Run().Result.State);
        Assert.Equal(2, rig.Calls.Count(c => c == "issue"));
    }

    [Theory]
    [InlineData(Strategy.Overlap, new[] { "undo-issue-revoke", "undo-issue" })]
    [InlineData(Strategy.Alternate, new[] { "undo-apply", "undo-generate" })]
    public void After_revoke_first_a_refused_value_is_taken_back_but_there_is_no_way_back(Strategy strategy, string[] undos)
    {
        var plan = ModelPlans.Make(
            new ModelWorld(strategy, ["app"]),
            new() { Strategy = strategy, Targets = ["app"], Trigger = RotationTrigger.Emergency },
            revokeFirst: true);
        var rig = new RotationRig(plan, input => input.Step.Id != "verify" || input.Attempt > 2 ? s_done
            : input.Attempt == 1 ? StepOutcome.NewValueNeeded("too weak") : StepOutcome.Rejected("no")).RunTo(RotationState.Stuck);

        Assert.Equal(RotationState.Stuck, rig.Status.State);
        Assert.Equal(undos, rig.Inputs.Where(i => i.Undo is not null).Select(i => i.Undo!.Id));
        Assert.Equal(2, rig.Calls.Count(c => c is "issue" or "generate"));
        rig.Send(ControlVerb.Rollback, "op").Send(ControlVerb.Cancel, "op").Run();
        Assert.Equal(2, rig.Actions.Count(a => a == RotationActions.ControlIgnored));
        Assert.Equal(RotationState.Succeeded, rig.Send(ControlVerb.Resume, "op").Run().Result.State);
        Assert.Equal(undos.Length, rig.Inputs.Count(i => i.Undo is not null));
    }

    [Fact]
    public void Steps_of_a_group_run_side_by_side_and_all_settle_before_the_rollback()
    {
        var rig = Rig(new(), Either(
            Fail("deliver-app-1", StepOutcome.Rejected("read-only")),
            Fail("deliver-app-2", StepOutcome.RetryLater("busy"), times: 2))).Run();

        Assert.Equal(RotationState.RolledBack, rig.Result.State);
        var first = rig.Calls.IndexOf("deliver-app-1");
        Assert.Equal(rig.CallTimes[first], rig.CallTimes[rig.Calls.IndexOf("deliver-app-2")]);
        Assert.True(rig.Calls.LastIndexOf("deliver-app-2") < rig.Calls.IndexOf("redeliver-deliver-app-2"));
        Assert.Equal(3, rig.Calls.Count(c => c == "deliver-app-2"));
    }

    [Fact]
    public void A_resumed_group_runs_only_what_has_not_succeeded()
    {
        var rig = Rig(new() { Strategy = Strategy.DualKey }, Fail("retire-old-app-1", StepOutcome.Unknown("lost"), 4))
            .RunTo(RotationState.Stuck);
        Assert.Equal(RotationState.Stuck, rig.Status.State);
        rig.Send(ControlVerb.Resume).Run();

        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.Equal(1, rig.Calls.Count(c => c == "retire-old-app-2"));
    }

    [Fact]
    public void A_delivery_of_which_nobody_knows_undoes_the_others_too()
    {
        var rig = Rig(new(), Fail("deliver-app-1", StepOutcome.Unknown("the reply was lost"), times: 99)).Run();

        Assert.Equal(RotationState.RolledBack, rig.Result.State);
        Assert.Contains("the reply was lost", rig.Result.Reason, StringComparison.Ordinal);
        Assert.Contains("redeliver-deliver-app-1", rig.Calls);
        Assert.Contains("redeliver-deliver-app-2", rig.Calls);
    }

    [Fact]
    public void An_undo_that_fails_waits_for_a_person_and_goes_on_there()
    {
        var script = Either(Fail("verify", StepOutcome.Rejected("no")), Fail("revokenew-issue", StepOutcome.RetryLater("busy"), times: 4));
        var rig = Rig(new(), script).RunTo(RotationState.Stuck);

        Assert.Equal(RotationState.Stuck, rig.Status.State);
        Assert.Equal(RotationRig.Ways("resume", "rollback", "emergency"), rig.Status.NextAction);

        rig.Send(ControlVerb.Rollback).Run();
        Assert.Equal(RotationState.RolledBack, rig.Result.State);
        Assert.Equal(5, rig.Calls.Count(c => c == "revokenew-issue"));
        Assert.Equal(1, rig.Calls.Count(c => c == "discardpending-issue"));
    }

    [Fact]
    public void Nothing_goes_on_without_its_record()
    {
        var away = 7;
        var rig = Rig(new());
        rig.LedgerIsAway = record => record.Action == RotationActions.GraceStarted && away-- > 0;
        var shown = new List<RotationStatus>();
        rig.Orchestrator.AfterStep = () => shown.Add(rig.Status);
        rig.Run();

        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.Contains(shown, s => s.WaitingFor == "the ledger");
        Assert.Equal(Enumerable.Range(1, rig.Records.Count), rig.Records.Select(r => r.Sequence));
    }

    [Fact]
    public void Long_problems_are_cut_to_fit_the_status()
    {
        var rig = Rig(new(), Fail("issue", StepOutcome.Unknown(new string('x', 100_000)), times: 4)).RunTo(RotationState.Stuck);

        Assert.Equal(500, rig.Status.Problem!.Length);
    }

    [Fact]
    public void The_status_says_which_step_of_how_many()
    {
        var rig = Rig(new()).RunTo(RotationState.Grace);

        Assert.Equal("grace", rig.Status.StepId);
        Assert.Equal(rig.Plan.Steps.Count, rig.Status.Steps);
        Assert.Equal("grace", rig.Plan.Steps[rig.Status.Step - 1].Id);
        Assert.Equal(RotationRig.Ways("skip-grace", "extend-grace", "rollback"), rig.Status.NextAction);
    }

    public static TheoryData<Strategy> Strategies => new(Enum.GetValues<Strategy>());

    private static RotationRig Rig(SamplePlanOptions options, Func<StepInput, StepOutcome>? script = null) =>
        new(SamplePlans.Make(options), script);

    /// <summary>Answers the step or undo of this id so, this many times, then Done.</summary>
    internal static Func<StepInput, StepOutcome> Fail(string id, StepOutcome outcome, int times = 1, bool throws = false) => input =>
        (input.Undo?.Id ?? input.Step.Id) != id || times-- <= 0 ? s_done
        : throws ? throw new SimulatedFailureException(outcome.Reason!)
        : outcome;

    internal static Func<StepInput, StepOutcome> Either(Func<StepInput, StepOutcome> one, Func<StepInput, StepOutcome> other) =>
        input => one(input) is { Succeeded: false } failed ? failed : other(input);
}
