using Rotunda.Rotation.Credentials;

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

        foreach (var end in ends)
        {
            if (!end.Succeeded)
            {
                return new Course(CourseKind.Stuck, ReasonOf(end));
            }
        }

        return new Course(CourseKind.GoOn, "");
    }

    private static CourseKind Decide(StepOutcomeKind? kind, bool mayRollBack, bool mayRenew) => kind switch
    {
        StepOutcomeKind.Fenced => CourseKind.Superseded,
        null => CourseKind.Interrupted,
        StepOutcomeKind.NewValueNeeded when mayRenew => CourseKind.Renew,
        _ => mayRollBack ? CourseKind.RollBack : CourseKind.Stuck,
    };

    private static string ReasonOf(StepEnd end) => $"{end.Step.Title}: {end.Outcome?.Reason ?? "no reason given"}";
}
