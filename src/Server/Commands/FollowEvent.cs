using Rotunda.Api.Views;
using Rotunda.Rotation.Words;

namespace Rotunda.Server.Commands;

/// <summary>One JSON line of a rotation that is followed.</summary>
/// <param name="Event">row (something happened), waiting, server-away, server-back, needs-a-person, timeout, ended.</param>
internal sealed record FollowEvent(
    string Event,
    DateTimeOffset At,
    string RotationId,
    RotationState? State = null,
    TimelineEntry? Row = null,
    string? WaitingFor = null,
    DateTimeOffset? WaitingUntil = null,
    string? Problem = null,
    string? NextAction = null,
    string? Detail = null);
