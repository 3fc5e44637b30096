namespace Rotunda.Ledger;

/// <summary>What one person decided on one plan.</summary>
/// <param name="Number">Counts the rotation's decisions.</param>
/// <param name="Round">Grows by one each time an approval runs out of time: earlier decisions do not count any more.</param>
/// <param name="Person">Who the actor is, in lower case.</param>
/// <param name="Verdict">One of <see cref="Verdicts"/>.</param>
/// <param name="PlanHash">SHA-256 (hex) of the plan that was decided on.</param>
/// <param name="WithdrawnAt">Null while it stands.</param>
public sealed record DecisionRecord(
    string RotationId,
    int Number,
    string StepId,
    int Round,
    string Person,
    string Actor,
    string Verdict,
    string PlanHash,
    string? Comment,
    DateTimeOffset At,
    DateTimeOffset? WithdrawnAt);
