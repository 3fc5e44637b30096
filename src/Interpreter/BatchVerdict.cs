using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

internal enum BatchVerdictKind
{
    GoOn = 0,
    Superseded = 1,
    /// <summary>A message ends the rotation.</summary>
    Interrupted = 2,
    RollBack = 3,
    /// <summary>Undo back to where the value was made, and make another.</summary>
    Renew = 4,
    Stuck = 5,
}

/// <summary>A batch verdict says what the rotation does after a batch has ended. Pure.</summary>
/// <param name="MayPass">With Stuck: systems gave no answer or no time, so it may go on by itself later.</param>
internal sealed record BatchVerdict(BatchVerdictKind Kind, string Reason, bool MayPass = false)
{
    /// <param name="mayRollBack">Nothing is promoted or revoked yet, so that a failure undoes what was done.</param>
    /// <param name="mayRenew">There is a step that can make another value, and it was not asked too often.</param>
    public static BatchVerdict Of(IReadOnlyList<BatchEnd> ends, bool mayRollBack, bool mayRenew)
    {
        var failed = ends.Where(end => !end.End.Succeeded).ToList();
        if (failed.Count == 0)
        {
            return new BatchVerdict(BatchVerdictKind.GoOn, "");
        }

        var gravest = failed.MinBy(end => RankOf(end.End))!;
        var kind = gravest.End switch
        {
            StepEnd.Interrupted => BatchVerdictKind.Interrupted,
            StepEnd.Tried { Outcome.Kind: StepOutcomeKind.Fenced } => BatchVerdictKind.Superseded,
            StepEnd.Tried { Outcome.Kind: StepOutcomeKind.NewValueNeeded } when mayRenew => BatchVerdictKind.Renew,
            StepEnd.Tried { Outcome.Kind: StepOutcomeKind.Rejected or StepOutcomeKind.RetryLater or StepOutcomeKind.NewValueNeeded } =>
                mayRollBack ? BatchVerdictKind.RollBack : BatchVerdictKind.Stuck,
            _ when mayRollBack && failed.TrueForAll(end => IsSettledByRollback(end.Step)) => BatchVerdictKind.RollBack,
            _ => BatchVerdictKind.Stuck,
        };
        return new BatchVerdict(
            kind,
            gravest.Reason,
            failed.TrueForAll(end => end.End is StepEnd.Tried { Outcome: var outcome } && StuckWait.MayPass(outcome)));
    }

    /// <summary>The gravest has the least rank: a step that cannot succeed decides before one that may have.</summary>
    private static int RankOf(StepEnd end) => end switch
    {
        StepEnd.Tried { Outcome.Kind: StepOutcomeKind.Fenced } => 0,
        StepEnd.Interrupted => 1,
        StepEnd.Tried { Outcome.Kind: StepOutcomeKind.Rejected } => 2,
        StepEnd.Tried { Outcome.Kind: StepOutcomeKind.RetryLater } => 3,
        StepEnd.Tried { Outcome.Kind: StepOutcomeKind.NewValueNeeded } => 4,
        _ => 5,
    };

    /// <summary>
    /// Deliveries are repeatable and their undo restores the old state whatever happened, so an unknown outcome needs no
    /// person. Minting and revoking are not.
    /// </summary>
    private static bool IsSettledByRollback(PlannedStep step) =>
        step.Kind is StepKinds.Deliver or StepKinds.ConfirmSync or StepKinds.RestartConsumers or StepKinds.VerifyConsumers;
}
