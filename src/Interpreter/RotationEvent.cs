using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>One thing that the ledger knows to have happened in a rotation.</summary>
public abstract record RotationEvent(DateTimeOffset At);

/// <summary>An attempt of a step (or of one of its undos) began.</summary>
public sealed record StepBegan(DateTimeOffset At, string StepId, string? UndoId, int Attempt) : RotationEvent(At);

/// <summary>An attempt ended.</summary>
/// <param name="Facts">What it found, if anything.</param>
public sealed record StepEnded(
    DateTimeOffset At, string StepId, string? UndoId, StepOutcomeKind Outcome, IReadOnlyDictionary<string, string>? Facts = null)
    : RotationEvent(At);

/// <summary>The interpreter wrote a record.</summary>
/// <param name="Action">One of <see cref="RotationActions"/>.</param>
public sealed record Recorded(DateTimeOffset At, string Action, string Actor, string? Detail, DateTimeOffset? Until) : RotationEvent(At);

/// <summary>A person sent a verb; the rotation may have heard it or not.</summary>
public sealed record Sent(DateTimeOffset At, ControlVerb Verb, string By) : RotationEvent(At);
