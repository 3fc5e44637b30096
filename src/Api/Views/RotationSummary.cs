using Rotunda.Rotation.Words;

namespace Rotunda.Api.Views;

public sealed record RotationSummary(
    string Id,
    string Secret,
    int Number,
    RotationState State,
    RotationTrigger Trigger,
    string Reason,
    string RequestedBy,
    string? Incident,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt,
    string? Detail,
    DateTimeOffset? Until)
{
    /// <summary>Since when its new credential is in use; null before, and of a run that makes none.</summary>
    public DateTimeOffset? PromotedAt { get; init; }
}
