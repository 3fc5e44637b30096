namespace Rotunda.Api.Views;

/// <summary>What one person decided.</summary>
/// <param name="Verdict">approve or reject.</param>
/// <param name="Counts">False where it was withdrawn, or ran out of time.</param>
public sealed record DecisionView(
    string Actor, string Step, string Verdict, string? Comment, DateTimeOffset At, DateTimeOffset? WithdrawnAt, bool Counts);
