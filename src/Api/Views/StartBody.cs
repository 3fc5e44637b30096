using Rotunda.Rotation.Words;

namespace Rotunda.Api.Views;

/// <summary>Body of POST /api/rotations.</summary>
public sealed record StartBody(
    string? Secret,
    string? Reason,
    RotationTrigger? Trigger = null,
    string? Incident = null,
    bool RevokeFirst = false);
