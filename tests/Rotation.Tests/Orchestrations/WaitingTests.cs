using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Rotation.Tests.Orchestrations;

/// <summary>Approval, grace, evidence, pauses and what messages do in each.</summary>
public sealed class WaitingTests
{
    [Fact]
    public void Approval_lets_it_start()
    {
        var rig = Rig(new() { ApproveStart = true }).RunTo(RotationState.WaitingForApproval);
        Assert.Equal(["validate"], rig.Calls);
        Assert.Equal(
            RotationRig.Ways("approve", "reject", "rollback", "cancel"),
            rig.Status.NextAction);
        Assert.Equal(rig.Records[^1].Until, rig.Status.WaitingUntil);

        rig.Send(ControlVerb.Approve, "boss").Run();
        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.Equal("boss", rig.Records.Single(r => r.Action == RotationActions.ApprovalGiven).Actor);
    }

    [Fact]
    public void Who_requested_may_not_approve()
    {
        var rig = Rig(new() { ApproveStart = true })
            .RunTo(RotationState.WaitingForApproval)
            .Send(ControlVerb.Approve, "Requester")
            .RunFor(TimeSpan.FromHours(1));

        Assert.Equal(RotationState.WaitingForApproval, rig.Status.State);
        Assert.Equal(RotationActions.ControlIgnored, rig.Records[^1].Action);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_no_undoes_everything(bool beforeStart)
    {
        var rig = Rig(new() { ApproveStart = beforeStart, ApproveRevoke = !beforeStart }).RunTo(RotationState.WaitingForApproval).Send(
            ControlVerb.Reject,
            "boss").Run();

        Assert.Equal(RotationState.Rejected, rig.Result.State);
        Assert.Equal(!beforeStart, rig.Calls.Contains("unpromote-promote"));
        Assert.Contains(RotationActions.ApprovalRejected, rig.Actions);
        Assert.Equal(RotationActions.Rejected, rig.Records[^1].Action);
    }

    [Fact]
    public void No_answer_in_time_cancels_before_the_start()
    {
        var rig = Rig(new() { ApproveStart = true }).Run();

        Assert.Equal(RotationState.Cancelled, rig.Result.State);
        Assert.Contains(RotationActions.ApprovalTimedOut, rig.Actions);
    }

    [Fact]
    public void No_answer_in_time_is_stuck_before_the_revoke_and_resume_asks_again()
    {
        var rig = Rig(new() { ApproveRevoke = true }).RunTo(RotationState.Stuck);
        Assert.Equal(RotationState.Stuck, rig.Status.State);

        rig.Send(ControlVerb.Resume).RunTo(RotationState.WaitingForApproval).Send(ControlVerb.Approve, "boss").Run();
        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.Equal(2, rig.Actions.Count(a => a == RotationActions.ApprovalRequested));
    }

    [Fact]
    public void Grace_counts_from_the_promotion()
    {
        var rig = Rig(new()).Run();

        var promoted = rig.CallTimes[rig.Calls.IndexOf("promote")];
        var revoked = rig.CallTimes[rig.Calls.IndexOf("revoke")];
        Assert.Equal(TimeSpan.FromHours(24), rig.Records.Single(r => r.Action == RotationActions.GraceStarted).Until - promoted);
        Assert.InRange(revoked - promoted, TimeSpan.FromHours(24), TimeSpan.FromHours(24) + TimeSpan.FromSeconds(2));
        Assert.Contains(RotationActions.GraceEnded, rig.Actions);
    }

    [Fact]
    public void Grace_can_be_skipped_on_record()
    {
        var rig = Rig(new()).RunTo(RotationState.Grace).Send(ControlVerb.SkipGrace, "op").Run();

        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.Equal("op", rig.Records.Single(r => r.Action == RotationActions.GraceSkipped).Actor);
        Assert.True(rig.CallTimes[^1] - rig.CallTimes[0] < TimeSpan.FromHours(1));
    }

    [Fact]
    public void Grace_can_be_made_longer()
    {
        var rig = Rig(new()).RunTo(RotationState.Grace).Send(ControlVerb.ExtendGrace, extendBy: TimeSpan.FromDays(3)).Send(
            ControlVerb.ExtendGrace,
            extendBy: null).Run();

        var promoted = rig.CallTimes[rig.Calls.IndexOf("promote")];
        Assert.InRange(
            rig.CallTimes[rig.Calls.IndexOf("revoke")] - promoted,
            TimeSpan.FromDays(4),
            TimeSpan.FromDays(4) + TimeSpan.FromSeconds(2));
        Assert.Single(rig.Records, r => r.Action == RotationActions.ControlIgnored);
    }

    [Fact]
    public void Rollback_in_grace_undoes_the_promotion_too()
    {
        var rig = Rig(new()).RunTo(RotationState.Grace).Send(ControlVerb.Rollback).Run();

        Assert.Equal(RotationState.RolledBack, rig.Result.State);
        Assert.Equal(
            ["unpromote-promote", "redeliver-deliver-app-2", "redeliver-deliver-app-1", "revokenew-issue", "discardpending-issue"],
            rig.Inputs.Where(i => i.Undo is not null).Select(i => i.Undo!.Id));
    }

    [Fact]
    public void A_trial_cut_off_counts_from_its_own_beginning()
    {
        var rig = Rig(new() { DisableFor = TimeSpan.FromHours(12) }).Run();

        var disabled = rig.CallTimes[rig.Calls.IndexOf("disable")];
        Assert.InRange(disabled - rig.CallTimes[rig.Calls.IndexOf("promote")], TimeSpan.FromHours(24), TimeSpan.FromHours(25));
        Assert.InRange(
            rig.CallTimes[rig.Calls.IndexOf("revoke")] - disabled,
            TimeSpan.FromHours(12),
            TimeSpan.FromHours(12) + TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_rollback_of_the_trial_enables_the_old_credential_before_anything_else()
    {
        var rig = Rig(new() { DisableFor = TimeSpan.FromHours(12) }).RunTo(RotationState.Grace).RunFor(TimeSpan.FromHours(25));
        Assert.Equal("the end of the trial cut-off", rig.Status.WaitingFor);

        rig.Send(ControlVerb.Rollback).Run();

        Assert.Equal(RotationState.RolledBack, rig.Result.State);
        Assert.Equal("enable-disable", rig.Inputs.First(i => i.Undo is not null).Undo!.Id);
        Assert.DoesNotContain("revoke", rig.Calls);
    }

    [Fact]
    public void Cancel_in_grace_points_at_rollback()
    {
        var rig = Rig(new()).RunTo(RotationState.Grace).Send(ControlVerb.Cancel).Run();

        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.Contains("use rollback", rig.Records.Single(r => r.Action == RotationActions.ControlIgnored).Detail);
    }

    [Theory]
    [InlineData(RotationState.WaitingForApproval)]
    [InlineData(RotationState.Grace)]
    public void Supersede_ends_a_wait_at_once(RotationState state)
    {
        var rig = Rig(new() { ApproveStart = state == RotationState.WaitingForApproval }).RunTo(state).Send(ControlVerb.Supersede).Run();

        Assert.Equal(RotationState.Superseded, rig.Result.State);
        Assert.DoesNotContain(rig.Inputs, i => i.Undo is not null);
    }

    [Fact]
    public void A_message_that_comes_while_a_step_runs_is_looked_at_after_it()
    {
        var rig = Rig(new());
        rig.Orchestrator.Run(() => rig.Calls.Contains("issue"));
        rig.Send(ControlVerb.Cancel).Run();

        Assert.Equal(RotationState.Cancelled, rig.Result.State);
        Assert.DoesNotContain("promote", rig.Calls);
        Assert.Contains("revokenew-issue", rig.Calls);
    }

    [Fact]
    public void A_message_interrupts_the_pause_before_another_attempt()
    {
        var rig = Rig(new(), InterpreterTests.Fail("verify", StepOutcome.RetryLater("busy", TimeSpan.FromMinutes(50)), times: 99));
        rig.Orchestrator.Run(() => rig.Orchestrator.Status is RotationStatus { WaitingFor: "another attempt" });
        var before = rig.Orchestrator.Now;
        rig.Send(ControlVerb.Approve).Send(ControlVerb.Rollback).Run();

        Assert.Equal(RotationState.RolledBack, rig.Result.State);
        Assert.Contains(RotationActions.ControlIgnored, rig.Actions);
        Assert.True(rig.Orchestrator.Now - before < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void A_message_interrupts_the_pauses_of_all_steps_of_a_group()
    {
        var busy = StepOutcome.RetryLater("busy", TimeSpan.FromMinutes(50));
        var rig = Rig(
            new(),
            InterpreterTests.Either(InterpreterTests.Fail("deliver-app-1", busy, 99), InterpreterTests.Fail("deliver-app-2", busy, 99)));
        rig.Orchestrator.Run(() => rig.Calls.Contains("deliver-app-2")
            && rig.Orchestrator.Status is RotationStatus { WaitingFor: "another attempt" });
        var before = rig.Orchestrator.Now;
        rig.Send(ControlVerb.Resume).Send(ControlVerb.Cancel).Run();

        Assert.Equal(RotationState.Cancelled, rig.Result.State);
        Assert.True(rig.Orchestrator.Now - before < TimeSpan.FromMinutes(1));
        Assert.Equal(2, rig.Calls.Count(c => c.StartsWith("deliver-", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_wish_of_the_provider_is_honoured_up_to_an_hour()
    {
        var rig = Rig(new() { Retry = new(3, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)) }, input =>
            input.Step.Id != "verify" || input.Undo is not null ? StepOutcome.Done()
            : input.Attempt == 1 ? StepOutcome.RetryLater("busy", TimeSpan.FromMinutes(10))
            : input.Attempt == 2 ? StepOutcome.RetryLater("busy", TimeSpan.FromDays(10))
            : StepOutcome.Done()).Run();

        var times = rig.Calls.Zip(rig.CallTimes).Where(c => c.First == "verify").Select(c => c.Second).ToList();
        Assert.InRange(times[1] - times[0], TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(12.1));
        Assert.InRange(times[2] - times[1], TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(60.1));
    }

    [Fact]
    public void An_emergency_pauses_two_seconds_at_most_but_is_as_patient_as_the_plan()
    {
        var retry = new RetryBudget(4, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1));
        var rig = Rig(
            new() { Trigger = RotationTrigger.Emergency, Retry = retry },
            InterpreterTests.Fail("sync-app-1", StepOutcome.RetryLater("not there"), times: 12)).Run();

        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        var times = rig.Calls.Zip(rig.CallTimes).Where(c => c.First == "sync-app-1").Select(c => c.Second).ToList();
        Assert.Equal(13, times.Count);
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, TimeSpan.Zero, TimeSpan.FromSeconds(2.5)));
    }

    [Fact]
    public void Evidence_is_asked_for_until_it_is_there()
    {
        var rig = Rig(new() { Evidence = true }, InterpreterTests.Fail("evidence", StepOutcome.RetryLater("used 3 minutes ago"), times: 20))
            .Run();

        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.Equal(21, rig.Calls.Count(c => c == "evidence"));
    }

    [Fact]
    public void No_evidence_in_time_is_stuck_and_resume_opens_the_gate_anew()
    {
        var now = StepOutcome.RetryLater("used 3 minutes ago");
        var rig = Rig(new() { Evidence = true }, input => input.Step.Kind == StepKinds.Evidence ? now : StepOutcome.Done())
            .RunTo(RotationState.Stuck);
        Assert.Equal(RotationState.Stuck, rig.Status.State);
        Assert.Contains("used 3 minutes ago", rig.Status.Problem);
        Assert.Equal(RotationRig.Ways("resume", "skip-evidence", "rollback", "emergency"), rig.Status.NextAction);
        Assert.DoesNotContain("revoke", rig.Calls);

        now = StepOutcome.Done();
        Assert.Equal(RotationState.Succeeded, rig.Send(ControlVerb.Resume).Run().Result.State);
    }

    [Fact]
    public void No_evidence_in_time_proceeds_on_record_where_the_policy_says_so()
    {
        var rig = Rig(
            new() { Evidence = true, OnTimeout = "proceed" },
            InterpreterTests.Fail("evidence", StepOutcome.RetryLater("in use"), times: 9999)).Run();

        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.Contains(RotationActions.EvidenceTimedOut, rig.Actions);
        var polls = rig.Calls.Zip(rig.CallTimes).Where(c => c.First == "evidence").Select(c => c.Second).ToList();
        Assert.InRange(
            polls[^1] - polls[0],
            TimeSpan.FromHours(2) - TimeSpan.FromSeconds(2),
            TimeSpan.FromHours(2) + TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_evidence_gate_can_be_skipped_on_record(bool onceStuck)
    {
        var rig = Rig(new() { Evidence = true }, InterpreterTests.Fail("evidence", StepOutcome.RetryLater("in use"), times: 9999));
        rig.Orchestrator.Run(() => rig.Calls.Contains("evidence") && (!onceStuck || rig.Status.State == RotationState.Stuck));
        rig.RunFor(TimeSpan.FromSeconds(3)).Send(ControlVerb.SkipGrace, "op").Run();

        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.Equal("op", rig.Records.Single(r => r.Action == RotationActions.EvidenceSkipped).Actor);
    }

    [Fact]
    public void Evidence_that_tells_nothing_is_stuck_when_the_budget_is_spent()
    {
        var rig = Rig(new() { Evidence = true }, InterpreterTests.Fail("evidence", StepOutcome.Unknown("no answer"), times: 4))
            .RunTo(RotationState.Stuck);

        Assert.Equal(RotationState.Stuck, rig.Status.State);
        Assert.Equal(4, rig.Calls.Count(c => c == "evidence"));
        Assert.Equal(RotationState.RolledBack, rig.Send(ControlVerb.Rollback).Run().Result.State);
    }

    [Fact]
    public void A_message_that_cannot_be_read_is_recorded_and_harms_nothing()
    {
        var rig = Rig(new()).RunTo(RotationState.Grace);
        rig.Orchestrator.RaiseJson(RotationNames.ControlEvent, """{"verb":"explode"}""");
        rig.Orchestrator.RaiseJson(RotationNames.ControlEvent, "null");
        rig.Orchestrator.RaiseJson(RotationNames.ControlEvent, """{"verb":"rollback"}""");
        rig.Run();

        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.Equal(3, rig.Records.Count(r => r.Action == RotationActions.ControlIgnored && r.Actor == "unknown"));
    }

    [Fact]
    public void A_budget_of_time_is_spent_by_the_clock_however_long_a_system_asks_to_wait()
    {
        var retry = new RetryBudget(60, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), Within: TimeSpan.FromMinutes(5));
        var rig = Rig(
            new() { Retry = retry },
            InterpreterTests.Fail("sync-app-1", StepOutcome.RetryLater("not there", TimeSpan.FromMinutes(2)), times: 99)).Run();

        Assert.Equal(RotationState.RolledBack, rig.Result.State);
        var asked = rig.Calls.Zip(rig.CallTimes).Where(call => call.First == "sync-app-1").Select(call => call.Second).ToList();
        Assert.InRange(asked.Count, 2, 3);
        Assert.True(asked[^1] - asked[0] <= TimeSpan.FromMinutes(5), $"{asked[^1] - asked[0]}");
    }

    [Fact]
    public void The_last_look_is_at_the_end_of_the_time()
    {
        var retry = new RetryBudget(60, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(3), Within: TimeSpan.FromMinutes(5));
        var rig = Rig(new() { Retry = retry }, InterpreterTests.Fail("sync-app-1", StepOutcome.RetryLater("not there"), times: 99)).Run();

        var asked = rig.Calls.Zip(rig.CallTimes).Where(call => call.First == "sync-app-1").Select(call => call.Second).ToList();
        Assert.Equal(TimeSpan.FromMinutes(5), asked[^1] - asked[0]);
    }

    [Fact]
    public void What_was_seen_before_an_answer_failed_to_come_is_told()
    {
        var rig = Rig(new() { Retry = new(3, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)) }, input =>
            input.Step.Id != "sync-app-1" || input.Undo is not null ? StepOutcome.Done()
            : input.Attempt == 1 ? StepOutcome.RetryLater("2 of 3 pods have it") : StepOutcome.Unknown("no answer within 30s")).Run();

        Assert.Contains("no answer within 30s; before that: 2 of 3 pods have it", rig.Result.Reason, StringComparison.Ordinal);
    }

    private static RotationRig Rig(SamplePlanOptions options, Func<StepInput, StepOutcome>? script = null) =>
        new(SamplePlans.Make(options), script);
}
