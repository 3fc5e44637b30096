namespace Rotunda.Ledger;

/// <summary>A person's decision.</summary>
/// <param name="StepId">The approval that is asked for.</param>
/// <param name="Verdict">One of <see cref="Verdicts"/>.</param>
/// <param name="PlanHash">The plan that the person saw: its SHA-256 (hex), or at least the first 12 digits; null for the rotation's own.</param>
/// <param name="CodeHash">The code that gives the right to decide; null where the person has it.</param>
public sealed record DecisionInput(
    string RotationId, string StepId, string Actor, string Verdict, string? PlanHash, string? Comment, string? CodeHash = null);
