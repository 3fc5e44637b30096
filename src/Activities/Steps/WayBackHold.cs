using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// Holds the way back before it ends the new credential, while a target that the plan does not know has it: the catalog got the target
/// since, and a person brought there what was in use. What <see cref="RevokeHold"/> is for the old credential.
/// </summary>
internal sealed class WayBackHold(StepServices services, UnplannedTargets unplanned)
{
    /// <summary>Before the new credential stops working everywhere, or is accepted no more.</summary>
    /// <returns>Null to go on; else RetryLater, as it is looked at again.</returns>
    public Task<StepOutcome?> BeforeEndAsync(StepContext context, CancellationToken cancellationToken) =>
        LookAsync(context, holds => holds is TargetHolds.New or TargetHolds.NewThenOld, cancellationToken);

    /// <summary>Before the old credential is used again, with the new one still accepted: who has the new one alone refuses it.</summary>
    /// <inheritdoc cref="BeforeEndAsync" path="/returns"/>
    public Task<StepOutcome?> BeforeUseOfOldAsync(StepContext context, CancellationToken cancellationToken) =>
        LookAsync(context, holds => holds == TargetHolds.New, cancellationToken);

    private async Task<StepOutcome?> LookAsync(
        StepContext context, Func<TargetHolds, bool> isHeldBy, CancellationToken cancellationToken)
    {
        var attempts = (await StepTrail.ReadAsync(services.Ledger, context.Rotation.Id, cancellationToken)).Attempts;
        if (!attempts.Any(attempt => attempt.Detail.Kind is StepKinds.Deliver or StepKinds.Promote))
        {
            // The new value never left the store.
            return null;
        }

        var wasInUse = attempts.Any(attempt => attempt.Detail is { Kind: StepKinds.Promote, Undo: null });
        var held = (await unplanned.ReadAsync(context, cancellationToken))
            .Where(target => isHeldBy(target.Holds) || target.Holds == TargetHolds.NoAnswer
                || (wasInUse && target.Holds == TargetHolds.CannotTell))
            .ToList();
        return held.Count == 0 ? null : StepOutcome.RetryLater(
            $"The way back is held: {string.Join("; ", held.Select(Sentence))}. Whoever reads it would be locked out. Put the old value "
                + "there by hand, or take it out of the catalog until this rotation has ended. It is looked at again by itself.");
    }

    private static string Sentence(UnplannedTarget target) => target.Holds is TargetHolds.NoAnswer or TargetHolds.CannotTell
        ? $"the target {target.Name}, which the catalog got since, may have the new value ({target.Why})"
        : $"the target {target.Name}, which the catalog got since, has the new value";
}
