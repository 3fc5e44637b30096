using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.Simulation;

/// <summary>People who answer, sooner or later: approvers, and an operator who settles what is stuck.</summary>
internal sealed class ModelPeople(Random random, SimulatedOrchestrator orchestrator, Action<string> trace)
{
    private RotationStatus? _answered;

    /// <summary>Called after each step: answers each call for a person once.</summary>
    public void Look()
    {
        if (orchestrator.HasEnded || orchestrator.Status is not RotationStatus status || ReferenceEquals(status, _answered))
        {
            return;
        }

        _answered = status;
        var after = TimeSpan.FromMinutes(random.Next(1, 300));
        if (status is { State: RotationState.Stuck, WaitingFor: "a person" })
        {
            Send(after, random.Next(4) == 0 ? ControlVerb.Rollback : ControlVerb.Resume, "operator");

            // A rollback may be refused, and any other message may come between.
            Send(after + TimeSpan.FromHours(1), ControlVerb.Resume, "operator");
        }
        else if (status is { State: RotationState.WaitingForValue or RotationState.WaitingForRevoke, WaitingFor: not null }
            && random.Next(3) == 0)
        {
            Send(after, status.State == RotationState.WaitingForValue ? ControlVerb.Provide : ControlVerb.Confirm, "alice");
        }
        else if (status is { State: RotationState.WaitingForApproval, WaitingFor: not null } && random.Next(5) != 0)
        {
            Send(after, ControlVerb.Approve, "requester");
            Send(after, random.Next(6) == 0 ? ControlVerb.Reject : ControlVerb.Approve, "alice");
        }
    }

    private void Send(TimeSpan after, ControlVerb verb, string by)
    {
        trace($"{orchestrator.Now:u} {by} will say {verb} in {after}");
        orchestrator.RaiseAt(orchestrator.Now + after, RotationNames.ControlEvent, new ControlMessage(verb, by, null));
    }
}
