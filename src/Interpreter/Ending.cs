using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>
/// An ending is how a rotation ends and why. Succeeded and Superseded undo nothing, every other end undoes what was started.
/// </summary>
/// <param name="DueAgainIn">Where a person stopped it: after how long the secret is due again.</param>
internal sealed record Ending(RotationState State, string? Reason, string Actor, TimeSpan? DueAgainIn = null)
{
    public bool Undoes => State is RotationState.RolledBack or RotationState.Rejected or RotationState.Cancelled;

    /// <summary>The ledger belongs to a newer rotation.</summary>
    public static Ending Fenced(StepOutcome outcome) => new(RotationState.Superseded, outcome.Reason, Actors.Rotunda);

    /// <param name="stop">Of the kind <see cref="ControlEffectKind.Stop"/>.</param>
    /// <param name="askAgain">What the plan says of when it is due again, where the person does not.</param>
    public static Ending Of(ControlEffect stop, TimeSpan? askAgain) => new(
        stop.End,
        stop.Message.Reason ?? $"{ControlRules.NameOf(stop.Message.Verb)} by {stop.Message.By}",
        stop.Message.By,
        stop.End is RotationState.Cancelled or RotationState.Rejected ? stop.Message.Again ?? askAgain : null);
}
