using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;

namespace Rotunda.Api.Desk;

/// <summary>
/// Which wait a verb is meant for. An answer that was lost is asked for again, and by then the rotation may wait at something else
/// that takes the same verb: what was not named is not ended.
/// </summary>
/// <param name="Step">The id of the step; null for verbs that are not about one.</param>
/// <param name="Refusal">Why the message is not passed on; null if it is.</param>
internal readonly record struct MeantStep(string? Step, string? Refusal)
{
    /// <param name="progress">What the rotation shows; null if it shows nothing.</param>
    public static MeantStep Of(RotationRecord rotation, ControlMessage message, RotationStatus? progress) => message.Verb switch
    {
        ControlVerb.SkipGrace => Skipped(rotation, message.Step ?? rotation.Plan.GraceStepId, progress),
        ControlVerb.Approve => Checked(rotation, message.Step ?? Asking(rotation.Plan, progress?.StepId), progress, "approve"),
        _ => default,
    };

    /// <summary>The approval that is asked for, or the next: what a rotation shows of itself comes a moment behind the ledger.</summary>
    private static string? Asking(RotationPlan plan, string? present) => present is null
        ? null
        : plan.Steps.Skip(Math.Max(0, PlaceOf(plan, present))).FirstOrDefault(step => step.Kind == StepKinds.Approval)?.Id;

    private static MeantStep Skipped(RotationRecord rotation, string? step, RotationStatus? progress) =>
        step is null ? new(null, $"{rotation.Id} has no grace period. {SayWhich(rotation, progress?.StepId, "skip-grace")}")
        : Find(rotation.Plan, step) is not { Kind: StepKinds.Grace or StepKinds.Evidence or StepKinds.Hold or StepKinds.ConfirmRevoked }
            ? new(
                null,
                $"Step {step} of {rotation.Id} is nothing that can be skipped. {SayWhich(rotation, progress?.StepId, "skip-grace")}")
        : Checked(rotation, step, progress, "skip-grace");

    /// <summary>A step that it has not come to yet is passed on by its name: the rotation is there by now, or refuses it.</summary>
    private static MeantStep Checked(RotationRecord rotation, string? step, RotationStatus? progress, string verb)
    {
        if (step is null || progress?.StepId is not { } present || present == step)
        {
            return new(step, null);
        }

        var isComing = PlaceOf(rotation.Plan, present) < PlaceOf(rotation.Plan, step)
            && !(Find(rotation.Plan, present) is { } at && Takes(at.Kind, verb));
        return isComing
            ? new(step, null)
            : new(null, $"{rotation.Id} is not at step {step}, but at {present}. {SayWhich(rotation, present, verb)}");
    }

    private static int PlaceOf(RotationPlan plan, string id) => plan.Steps.Select(step => step.Id).ToList().IndexOf(id);

    private static string SayWhich(RotationRecord rotation, string? present, string verb) =>
        present is not null && Find(rotation.Plan, present) is { } step && Takes(step.Kind, verb)
            ? $"If you mean that one ({step.Title}): rotunda {verb} {rotation.Id} --step {present} --reason WHY"
            : $"See where it is: rotunda show {rotation.Id}";

    private static bool Takes(string kind, string verb) => verb == "approve"
        ? kind == StepKinds.Approval
        : kind is StepKinds.Grace or StepKinds.Evidence or StepKinds.Hold or StepKinds.ConfirmRevoked;

    private static PlannedStep? Find(RotationPlan plan, string id) => plan.Steps.FirstOrDefault(step => step.Id == id);
}
