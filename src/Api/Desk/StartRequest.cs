using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>A wish for a rotation, from a person or the schedule.</summary>
/// <param name="StartKey">The same key starts one rotation only; null for none.</param>
public sealed record StartRequest(
    string Secret,
    RotationTrigger Trigger,
    string Reason,
    string RequestedBy,
    string? Incident = null,
    bool RevokeFirst = false,
    string? StartKey = null)
{
    /// <summary><see cref="Strategy.Deliver"/> or <see cref="Strategy.Retire"/> for a run that makes no new value.</summary>
    public Strategy? Instead { get; init; }
}

public enum StartOutcomeKind
{
    Started,
    /// <summary>The start key was used before.</summary>
    Existing,
    /// <summary>Another rotation of the secret is open.</summary>
    Conflict,
    UnknownSecret,
    /// <summary>The secret cannot be rotated as it is; the message says why.</summary>
    Refused,
}

/// <param name="RotationId">The started, existing or open rotation.</param>
public sealed record StartOutcome(StartOutcomeKind Kind, string? RotationId = null, string? SupersededId = null, string? Message = null);
