using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Orchestrations;

/// <summary>
/// An ending is how a rotation ends and why. Succeeded and Superseded undo nothing, every other end undoes what was started.
/// </summary>
internal sealed record Ending(RotationState State, string? Reason, string Actor)
{
    public bool Undoes => State is RotationState.RolledBack or RotationState.Rejected or RotationState.Cancelled;

    /// <summary>The ledger belongs to a newer rotation.</summary>
    public static Ending Fenced(StepOutcome outcome) => new(RotationState.Superseded, outcome.Reason, Actors.Rotunda);

    /// <param name="stop">Of the kind <see cref="ControlEffectKind.Stop"/>.</param>
    public static Ending Of(ControlEffect stop) =>
        new(stop.End, stop.Message.Reason ?? $"{ControlRules.NameOf(stop.Message.Verb)} by {stop.Message.By}", stop.Message.By);
}
