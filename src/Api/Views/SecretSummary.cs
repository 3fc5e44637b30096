using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Views;

/// <summary>One line of the status.</summary>
/// <param name="Message">For people: why it is in its group.</param>
public sealed record SecretSummary(
    string Name,
    ScheduleGroup Group,
    string Message,
    string? Description,
    string? Owner,
    IReadOnlyList<string> Tags,
    Strategy Strategy,
    string Provider,
    DateTimeOffset? LastRotatedAt,
    DateTimeOffset? NextDueAt,
    string? ActiveRotationId,
    int FailuresInARow,
    int Orphans)
{
    /// <summary>Where its open rotation is; null if none is open.</summary>
    public OpenRotation? Open { get; init; }

    /// <summary>Until when, why and by whom its scheduled rotations are paused; null if they are not.</summary>
    public PausedView? Paused { get; init; }

    /// <summary>What a person can type next; null if nothing is to be done.</summary>
    public string? NextAction { get; init; }
}
