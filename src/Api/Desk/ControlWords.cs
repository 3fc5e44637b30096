using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>Why a verb has no effect where a rotation is, when it will have one, and what can be done instead.</summary>
public static class ControlWords
{
    /// <param name="nextAction">The commands that the rotation itself offers; null if it offers none.</param>
    public static string Refusal(RotationRecord rotation, ControlVerb verb, int step, string? nextAction) =>
        $"{rotation.Id} {Is(rotation.State)}, so {NameOf(verb)} has no effect now. {When(rotation, verb, step)} "
        + $"What can be done: {nextAction ?? Otherwise(rotation)}.";

    /// <summary>The state as a sentence's verb.</summary>
    public static string Is(RotationState state) => state switch
    {
        RotationState.Planned => "is about to start",
        RotationState.Running => "is running",
        RotationState.WaitingForApproval => "waits for approval",
        RotationState.Grace => "is in its grace period",
        RotationState.RollingBack => "is rolling back",
        RotationState.Stuck => "is stuck",
        RotationState.Paused => "is paused",
        RotationState.WaitingForValue => "waits for a value",
        RotationState.WaitingForRevoke => "waits for a person to end the old credential",
        RotationState.Succeeded => "has succeeded",
        RotationState.RolledBack => "was rolled back",
        RotationState.Rejected => "was rejected",
        RotationState.Cancelled => "was cancelled",
        RotationState.Superseded => "was superseded by a newer rotation",
        _ => $"is {Words.Of(state)}",
    };

    private static string NameOf(ControlVerb verb) => Words.Of(verb);

    private static string When(RotationRecord rotation, ControlVerb verb, int step)
    {
        if (rotation.State.IsFinal())
        {
            return "It has ended, and takes no verb any more.";
        }

        return verb switch
        {
            ControlVerb.Approve or ControlVerb.Reject => Later(rotation.Plan, StepKinds.Approval, step) is var (number, title)
                ? $"It asks at step {number} of {rotation.Plan.Steps.Count}: {title}."
                : "No step that is still to come asks for approval.",
            ControlVerb.SkipGrace or ControlVerb.ExtendGrace => Later(rotation.Plan, StepKinds.Grace, step) is var (number, _)
                ? $"Its grace period is step {number} of {rotation.Plan.Steps.Count}."
                : "No grace period is still to come.",
            ControlVerb.Provide => Later(rotation.Plan, StepKinds.Ask, step) is var (number, _)
                ? $"It asks for a value at step {number} of {rotation.Plan.Steps.Count}."
                : "It asks for no value any more.",
            ControlVerb.Confirm => Later(rotation.Plan, StepKinds.ConfirmRevoked, step) is var (number, _)
                ? $"It asks for the end of the old credential at step {number} of {rotation.Plan.Steps.Count}."
                : "It does not ask for the end of the old credential any more.",
            ControlVerb.Resume => "Only what is stuck or paused is resumed.",
            ControlVerb.Pause => "Only a step that is done in slices, such as a migration, is paused.",
            ControlVerb.Cancel when rotation.State == RotationState.Grace =>
                "Its new credential is in use already: rollback is the way back.",
            ControlVerb.Cancel or ControlVerb.Rollback when rotation.State == RotationState.RollingBack => "It goes back already.",
            ControlVerb.Rollback => "There is nothing to go back from yet.",
            _ => "It takes this verb in another state.",
        };
    }

    private static (int Number, string Title)? Later(RotationPlan plan, string kind, int step)
    {
        for (var index = Math.Max(0, step - 1); index < plan.Steps.Count; index++)
        {
            if (plan.Steps[index].Kind == kind)
            {
                return (index + 1, plan.Steps[index].Title);
            }
        }

        return null;
    }

    private static string Otherwise(RotationRecord rotation) => rotation.State switch
    {
        RotationState.Succeeded or RotationState.RolledBack or RotationState.Rejected or RotationState.Cancelled =>
            $"rotunda rotate {rotation.Secret}",
        RotationState.Superseded => $"rotunda show {rotation.Secret}",
        _ => $"rotunda show {rotation.Id}",
    };
}
