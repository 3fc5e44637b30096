using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Orchestrations;

internal enum CourseKind
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

/// <summary>What follows from how a batch ended. Pure.</summary>
internal sealed record Course(CourseKind Kind, string Reason)
{
    // The gravest first: a step that cannot succeed decides before one that may have.
    private static readonly StepOutcomeKind?[] s_gravestFirst =
    [
        StepOutcomeKind.Fenced, null, StepOutcomeKind.Rejected, StepOutcomeKind.RetryLater, StepOutcomeKind.NewValueNeeded,
    ];

    /// <param name="mayRollBack">Nothing is promoted or revoked yet, so that a failure undoes what was done.</param>
    /// <param name="mayRenew">There is a step that can make another value, and it was not asked too often.</param>
    public static Course Of(IReadOnlyList<StepEnd> ends, bool mayRollBack, bool mayRenew)
    {
        foreach (var kind in s_gravestFirst)
        {
            foreach (var end in ends)
            {
                if (end.Outcome?.Kind == kind)
                {
                    return new Course(Decide(kind, mayRollBack, mayRenew), ReasonOf(end));
                }
            }
        }

        var open = ends.Where(end => !end.Succeeded).ToList();
        return open.Count == 0
            ? new Course(CourseKind.GoOn, "")
            : new Course(mayRollBack && open.TrueForAll(end => IsSettledByTheWayBack(end.Step)) ? CourseKind.RollBack : CourseKind.Stuck, ReasonOf(open[0]));
    }

    /// <summary>
    /// What brings values to consumers can be said again, and its way back puts right whatever came of it; so nobody has to find
    /// out. Of what makes or takes a credential that is not so.
    /// </summary>
    private static bool IsSettledByTheWayBack(PlannedStep step) =>
        step.Kind is StepKinds.Deliver or StepKinds.ConfirmSync or StepKinds.RestartConsumers or StepKinds.VerifyConsumers;

    private static CourseKind Decide(StepOutcomeKind? kind, bool mayRollBack, bool mayRenew) => kind switch
    {
        StepOutcomeKind.Fenced => CourseKind.Superseded,
        null => CourseKind.Interrupted,
        StepOutcomeKind.NewValueNeeded when mayRenew => CourseKind.Renew,
        _ => mayRollBack ? CourseKind.RollBack : CourseKind.Stuck,
    };

    private static string ReasonOf(StepEnd end) => $"{end.Step.Title}: {end.Outcome?.Reason ?? "no reason given"}";
}
