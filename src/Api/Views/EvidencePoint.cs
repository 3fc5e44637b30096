namespace Rotunda.Api.Views;

/// <summary>What one look of the evidence gate saw.</summary>
/// <param name="Quiet">For how long the old credential had been unused; null where nothing tells.</param>
/// <param name="Asked">For how long the plan asks.</param>
/// <param name="Detail">What was said of it.</param>
public sealed record EvidencePoint(DateTimeOffset At, TimeSpan? Quiet, TimeSpan Asked, string? Detail);
