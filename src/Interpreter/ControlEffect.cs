using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

internal enum ControlEffectKind
{
    /// <summary>The message has no effect here; <see cref="ControlEffect.Reason"/> says why.</summary>
    Ignore = 0,
    /// <summary>The rotation ends in <see cref="ControlEffect.End"/>.</summary>
    Stop = 1,
    Resume = 2,
    Approve = 3,
    Skip = 4,
    Extend = 5,
    Pause = 6,
    /// <summary>A person did what the gate waits for, by their word: it looks.</summary>
    Look = 7,
}

/// <summary>A control effect is what a message does to the rotation at the point where it is.</summary>
internal sealed record ControlEffect(ControlEffectKind Kind, ControlMessage Message, string? Reason = null, RotationState End = default);
