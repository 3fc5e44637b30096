using Rotunda.Orchestration;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>Step retries run one step, or one undo of it: slice after slice, and each slice with all the retries of its budget.</summary>
internal sealed class StepRetries(RotationSession session, PauseWait pauses)
{
    private readonly IOrchestrationContext _context = session.Context;
    private readonly RotationRun _run = session.Run;

    public async Task<StepEnd> RunAsync(PlannedStep step, PlannedUndo? undo, ControlPoint point)
    {
        while (true)
        {
            var end = await RunSliceAsync(step, undo, point);
            if (end is not StepEnd.Tried { Outcome: { Kind: StepOutcomeKind.Continue } slice })
            {
                return end;
            }

            // A part is done for good: what failed before it counts no more.
            if (!await pauses.MayGoOnAsync(slice, point))
            {
                return new StepEnd.Interrupted();
            }
        }
    }

    /// <summary>Makes one attempt.</summary>
    public async Task<StepOutcome> AttemptAsync(PlannedStep step, PlannedUndo? undo)
    {
        var attempt = _run.NextAttempt(undo is null ? step.Id : $"{step.Id}/{undo.Id}");
        session.Status.Attempt(step, undo, attempt);
        var input = new StepInput(_run.Plan.RotationId, _run.Plan.Number, step, undo, attempt);
        try
        {
            var outcome = await _context.CallActivityAsync<StepOutcome?>(undo?.Kind ?? step.Kind, input);
            return outcome ?? StepOutcome.Unknown("The step gave no outcome.");
        }
        catch (TaskFailedException failed)
        {
            // It may have failed on its way back.
            return StepOutcome.Unknown(failed.Failure.Message);
        }
    }

    /// <summary>Tries until a slice (of a step that has none: the step) is done, cannot succeed, or its budget is spent.</summary>
    private async Task<StepEnd> RunSliceAsync(PlannedStep step, PlannedUndo? undo, ControlPoint point)
    {
        var since = _context.CurrentUtcTime;
        var budget = undo?.Retry ?? step.Retry;
        string? lastAnswer = null;
        for (var attempts = 1; ; attempts++)
        {
            var outcome = await AttemptAsync(step, undo);
            if (IsSettled(outcome) || IsSpent(budget, attempts, since))
            {
                return Tried(outcome, lastAnswer);
            }

            lastAnswer = outcome.Kind == StepOutcomeKind.RetryLater ? outcome.Reason : lastAnswer;
            if (PauseAfter(outcome, budget, attempts, since) is not { } pause)
            {
                return Tried(outcome, lastAnswer);
            }

            var until = _context.CurrentUtcTime + pause;
            session.Status.Waiting("another attempt", until, outcome.Reason, point);
            if (await session.Control.WaitAsync(point, until) is not null)
            {
                return new StepEnd.Interrupted();
            }
        }
    }

    /// <summary>How long to wait before the next attempt; null if none can help within the step's time.</summary>
    private TimeSpan? PauseAfter(StepOutcome outcome, RetryBudget budget, int attempts, DateTimeOffset since)
    {
        var pause = Backoff.Pause(budget, attempts, outcome.RetryAfter, _run.IsEmergency, _context.NewGuid());
        if (Left(budget, since) is not { } left || pause <= left)
        {
            return pause;
        }

        // Before its Retry-After it refuses; after it, the step's time is over. Give up now.
        return outcome.RetryAfter is null ? left : null;
    }

    private static bool IsSettled(StepOutcome outcome) => outcome.Kind
        is StepOutcomeKind.Done or StepOutcomeKind.AlreadyDone or StepOutcomeKind.Continue
        or StepOutcomeKind.Rejected or StepOutcomeKind.NewValueNeeded or StepOutcomeKind.Fenced;

    /// <summary>
    /// An emergency pauses shorter but is as patient as the plan: what only takes time (a sync) must not fail for haste.
    /// </summary>
    private bool IsSpent(RetryBudget budget, int attempts, DateTimeOffset since) =>
        (attempts >= budget.Attempts && (!_run.IsEmergency || _context.CurrentUtcTime - since >= Backoff.Span(budget)))
        || Left(budget, since) <= TimeSpan.Zero;

    private TimeSpan? Left(RetryBudget budget, DateTimeOffset since) => budget.Within - (_context.CurrentUtcTime - since);

    /// <summary>An attempt that got no answer tells less than the one before it that did: both are told.</summary>
    private static StepEnd.Tried Tried(StepOutcome outcome, string? lastAnswer) => new(
        outcome.Kind == StepOutcomeKind.Unknown && lastAnswer is not null && lastAnswer != outcome.Reason
            ? outcome with { Reason = $"{outcome.Reason?.TrimEnd('.')}; before that: {lastAnswer}" }
            : outcome);
}
