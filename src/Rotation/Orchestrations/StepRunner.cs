using Rotunda.Orchestration;
using Rotunda.Rotation.Credentials;
using Rotunda.Rotation.Planning;

namespace Rotunda.Rotation.Orchestrations;

/// <summary>Runs one step, or one undo of it, with its retries.</summary>
internal sealed class StepRunner(IOrchestrationContext context, RotationRun run, ControlDesk desk, StatusReporter status, PauseWait pauses)
{
    /// <summary>The last outcome; null if a message ended the rotation before the budget was spent.</summary>
    public async Task<StepOutcome?> RunAsync(PlannedStep step, PlannedUndo? undo, Place place)
    {
        var since = context.CurrentUtcTime;
        var budget = undo?.Retry ?? step.Retry;
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
                return outcome;
            }

            var until = context.CurrentUtcTime + Backoff.Pause(budget, attempts, outcome.RetryAfter, run.IsEmergency, context.NewGuid());
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
        attempts >= budget.Attempts && (!run.IsEmergency || context.CurrentUtcTime - since >= Backoff.Span(budget));
}
