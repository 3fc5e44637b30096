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
    int Orphans);
