using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>A step end is what came of a step (or an undo) with all its attempts: it was tried to its end, or interrupted.</summary>
internal abstract record StepEnd
{
    private StepEnd()
    {
    }

    /// <summary>The step succeeded, or cannot succeed now: it failed for good, or its retries are spent.</summary>
    /// <param name="Outcome">Of the last attempt.</param>
    public sealed record Tried(StepOutcome Outcome) : StepEnd;

    /// <summary>A message ended the rotation before the step's retries were spent.</summary>
    public sealed record Interrupted : StepEnd;

    public bool Succeeded => this is Tried { Outcome.Succeeded: true };

    /// <summary>For people: why it did not succeed.</summary>
    public string Reason => this is Tried { Outcome.Reason: { } reason } ? reason : "no reason given";
}

/// <summary>The end of one step of a batch.</summary>
internal sealed record BatchEnd(PlannedStep Step, StepEnd End)
{
    public string Reason => $"{Step.Title}: {End.Reason}";
}
