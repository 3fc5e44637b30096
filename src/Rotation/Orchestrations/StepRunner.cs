using Rotunda.Orchestration;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Orchestrations;

/// <summary>Runs one step, or one undo of it, with its retries.</summary>
internal sealed class StepRunner(IOrchestrationContext context, RotationRun run, ControlDesk desk, StatusReporter status, PauseWait pauses)
{
    /// <summary>The last outcome; null if a message ended the rotation before the budget was spent.</summary>
    public async Task<StepOutcome?> RunAsync(PlannedStep step, PlannedUndo? undo, Place place)
    {
        var since = context.CurrentUtcTime;
        var budget = undo?.Retry ?? step.Retry;
        string? seen = null;
        for (var attempts = 1; ; attempts++)
        {
            var outcome = await AttemptAsync(step, undo);
            if (outcome.Kind == StepOutcomeKind.Continue)
            {
                // A part is done for good: what failed before it counts no more.
                if (!await pauses.MayGoOnAsync(outcome, place))
                {
                    return null;
                }

                (attempts, since) = (0, context.CurrentUtcTime);
                continue;
            }

            if (!MayRetry(outcome) || IsSpent(budget, attempts, since))
            {
                return WithLastSeen(outcome, seen);
            }

            seen = outcome.Kind == StepOutcomeKind.RetryLater ? outcome.Reason : seen;
            var pause = Backoff.Pause(budget, attempts, outcome.RetryAfter, run.IsEmergency, context.NewGuid());
            if (Left(budget, since) is { } left && pause > left)
            {
                if (outcome.RetryAfter is not null)
                {
                    // Asked sooner it would only refuse again; asked when it wants, the time is over.
                    return WithLastSeen(outcome, seen);
                }

                pause = left;
            }

            var until = context.CurrentUtcTime + pause;
            status.Waiting("another attempt", until, outcome.Reason, place);
            if (await desk.WaitAsync(place, until) is not null)
            {
                return null;
            }
        }
    }

    public async Task<StepOutcome> AttemptAsync(PlannedStep step, PlannedUndo? undo)
    {
        var attempt = run.NextAttempt(undo is null ? step.Id : $"{step.Id}/{undo.Id}");
        status.Attempt(step, undo, attempt);
        var input = new StepInput(run.Plan.RotationId, run.Plan.Number, step, undo, attempt);
        try
        {
            var outcome = await context.CallActivityAsync<StepOutcome?>(undo?.Kind ?? step.Kind, input);
            return outcome ?? StepOutcome.Unknown("the step gave no outcome");
        }
        catch (TaskFailedException failed)
        {
            // It may have failed on its way back.
            return StepOutcome.Unknown(failed.Failure.Message);
        }
    }

    private static bool MayRetry(StepOutcome outcome) =>
        outcome.Kind is not (StepOutcomeKind.Done or StepOutcomeKind.AlreadyDone or StepOutcomeKind.Rejected
            or StepOutcomeKind.NewValueNeeded or StepOutcomeKind.Fenced);

    /// <summary>
    /// An emergency pauses shorter but is as patient as the plan: what only takes time (a sync) must not fail for haste.
    /// </summary>
    private bool IsSpent(RetryBudget budget, int attempts, DateTimeOffset since) =>
        (attempts >= budget.Attempts && (!run.IsEmergency || context.CurrentUtcTime - since >= Backoff.Span(budget)))
        || Left(budget, since) <= TimeSpan.Zero;

    private TimeSpan? Left(RetryBudget budget, DateTimeOffset since) => budget.Within - (context.CurrentUtcTime - since);

    /// <summary>An attempt that got no answer tells less than the one before it that did.</summary>
    private static StepOutcome WithLastSeen(StepOutcome outcome, string? seen) =>
        outcome.Kind == StepOutcomeKind.Unknown && seen is not null && seen != outcome.Reason
            ? outcome with { Reason = $"{outcome.Reason?.TrimEnd('.')}; before that: {seen}" }
            : outcome;
}
