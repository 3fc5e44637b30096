using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Orchestrations;

internal enum JudgementKind
{
    /// <summary>No effect here; <see cref="Judgement.Reason"/> says why.</summary>
    Ignore = 0,
    /// <summary>The rotation ends in <see cref="Judgement.End"/>.</summary>
    Stop = 1,
    Resume = 2,
    Approve = 3,
    Skip = 4,
    Extend = 5,
    Pause = 6,
}

/// <summary>What a message means where the rotation is.</summary>
internal sealed record Judgement(JudgementKind Kind, ControlMessage Message, string? Reason = null, RotationState End = default);
