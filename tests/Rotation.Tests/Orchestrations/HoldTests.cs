using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Rotation.Tests.Orchestrations;

/// <summary>What waits in a rotation apart from approvals, grace and evidence: the end of the old credential, and the time of
/// caches.</summary>
public sealed class HoldTests
{
    private static readonly StepOutcome s_missing = StepOutcome.RetryLater("app-3 never got it");

    [Fact]
    public void The_revoke_is_held_however_long_it_takes_and_goes_on_by_itself()
    {
        var now = s_missing;
        var rig = Rig(input => input.Step.Kind == StepKinds.Hold ? now : StepOutcome.Done()).RunFor(TimeSpan.FromDays(2));

        Assert.Equal(RotationState.Grace, rig.Status.State);
        Assert.Equal("what holds the revoke", rig.Status.WaitingFor);
        Assert.Equal("app-3 never got it", rig.Status.Problem);
        Assert.Equal(RotationRig.Ways("skip-hold", "rollback"), rig.Status.NextAction);
        Assert.DoesNotContain("revoke", rig.Calls);
        Assert.Equal("app-3 never got it", rig.Records.Single(r => r.Action == RotationActions.HoldStarted).Detail);

        now = StepOutcome.Done();
        Assert.Equal(RotationState.Succeeded, rig.Run().Result.State);
        Assert.Contains(RotationActions.HoldEnded, rig.Actions);
    }

    [Fact]
    public void Another_reason_is_put_on_record_too()
    {
        var rig = Rig(InterpreterTests.Either(
            InterpreterTests.Fail("hold", s_missing, 2),
            InterpreterTests.Fail("hold", StepOutcome.Unknown("no answer"), 1))).Run();

        Assert.Equal(
            ["app-3 never got it", "no answer"],
            rig.Records.Where(r => r.Action == RotationActions.HoldStarted).Select(r => r.Detail));
    }

    [Fact]
    public void A_person_lets_it_go_on_on_record()
    {
        var rig = Rig(InterpreterTests.Fail("hold", s_missing, 9999)).RunFor(TimeSpan.FromHours(30))
            .Send(ControlVerb.SkipGrace, "op", step: "hold").Run();

        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        Assert.Equal("op", rig.Records.Single(r => r.Action == RotationActions.HoldSkipped).Actor);
    }

    [Fact]
    public void The_end_of_the_grace_period_that_is_sent_twice_opens_no_hold()
    {
        var rig = Rig(InterpreterTests.Fail("hold", s_missing, 9999)).RunTo(RotationState.Grace)
            .Send(ControlVerb.SkipGrace, "op", step: "grace").RunFor(TimeSpan.FromHours(1))
            .Send(ControlVerb.SkipGrace, "op", step: "grace").RunFor(TimeSpan.FromHours(1));

        Assert.Equal(RotationState.Grace, rig.Status.State);
        Assert.DoesNotContain("revoke", rig.Calls);
        Assert.Single(rig.Records, r => r.Action == RotationActions.GraceSkipped);
        Assert.Equal(
            "skip-grace has no effect: it is for step grace, and the rotation is at hold",
            rig.Records.Single(r => r.Action == RotationActions.ControlIgnored).Detail);
    }

    [Fact]
    public void There_is_a_way_back_while_it_is_held()
    {
        var rig = Rig(InterpreterTests.Fail("hold", s_missing, 9999)).RunFor(TimeSpan.FromHours(30)).Send(ControlVerb.Rollback).Run();

        Assert.Equal(RotationState.RolledBack, rig.Result.State);
        Assert.DoesNotContain("revoke", rig.Calls);
    }

    [Fact]
    public void Verifiers_that_keep_keys_get_their_time_before_the_new_one_signs()
    {
        var rig = Dual(TimeSpan.FromMinutes(5)).Run();

        Assert.Equal(RotationState.Succeeded, rig.Result.State);
        var at = rig.Calls.Zip(rig.CallTimes).ToDictionary(call => call.First, call => call.Second);
        Assert.InRange(
            at["second-deliver-app-1"] - at["first-verify-consumers"],
            TimeSpan.FromMinutes(5),
            TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(10));
        Assert.True(at["second-deliver-app-1"] - at["first-deliver-app-1"] < TimeSpan.FromMinutes(6));
    }

    [Fact]
    public void The_wait_is_shown_and_can_be_ended_by_going_back_only()
    {
        var rig = Dual(TimeSpan.FromHours(5)).RunFor(TimeSpan.FromHours(1));

        Assert.Equal("verifiers to read the keys again", rig.Status.WaitingFor);
        Assert.NotNull(rig.Status.WaitingUntil);
        Assert.Equal(RotationRig.Ways("rollback", "cancel"), rig.Status.NextAction);
        Assert.Equal(RotationState.Cancelled, rig.Send(ControlVerb.Cancel).Run().Result.State);
        Assert.DoesNotContain("second-deliver-app-1", rig.Calls);
    }

    private static RotationRig Rig(Func<StepInput, StepOutcome> script) => new(SamplePlans.Make(new() { Hold = true }), script);

    private static RotationRig Dual(TimeSpan cache) =>
        new(SamplePlans.Make(new() { Strategy = Strategy.DualKey, VerifierCache = cache, Hold = true }));
}
