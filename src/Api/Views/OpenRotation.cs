using Rotunda.Rotation.Words;

namespace Rotunda.Api.Views;

/// <summary>Where a secret's open rotation is, for one line of the status.</summary>
/// <param name="Step">1-based; 0 before the first.</param>
/// <param name="Attempt">Of the present step; 0 where none is made, and for looks and slices, which come
/// again though nothing is wrong.</param>
/// <param name="Attempts">All that its budget has; 0 where that is told in time.</param>
/// <param name="WaitingFor">In words; null when it is not waiting.</param>
/// <param name="Problem">What keeps it; null if nothing does.</param>
public sealed record OpenRotation(
    string Id,
    RotationState State,
    int Step,
    int Steps,
    string? StepTitle,
    int Attempt,
    int Attempts,
    string? WaitingFor,
    DateTimeOffset? WaitingUntil,
    string? Problem);
