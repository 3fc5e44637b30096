using Rotunda.Orchestration;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>
/// The recorder writes changes of state to the ledger, numbered. A rotation does not go on without its record: while the
/// ledger cannot be written, the recorder tries again for ever, at a slow pace, and the status says so.
/// </summary>
internal sealed class Recorder(IOrchestrationContext context, RotationRun run, StatusReporter status, int written)
{
    private const int AttemptsBeforeShown = 3;
    private static readonly RetryBudget s_pace = new(int.MaxValue, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
    private int _sequence = written;

    /// <summary>How many were begun so far, those of earlier generations included.</summary>
    public int Written => _sequence;

    public async Task RecordAsync(string action, string actor, string? detail, DateTimeOffset? until = null)
    {
        var plan = run.Plan;
        var record = new RecordInput(plan.RotationId, plan.Number, ++_sequence, run.State, action, actor, Text.Short(detail), until);
        var shown = false;
        for (var attempt = 1; await TryAsync(record) is { } problem; attempt++)
        {
            if (attempt >= AttemptsBeforeShown)
            {
                status.LedgerIsAway($"{action} is not on record yet: {problem}");
                shown = true;
            }

            var pause = Backoff.Pause(s_pace, attempt, null, run.IsEmergency, context.NewGuid());
            await context.CreateTimerAsync(context.CurrentUtcTime + pause);
        }

        if (shown)
        {
            status.LedgerIsBack();
        }
    }

    /// <summary>Null once it is on record, or the ledger belongs to a newer rotation and takes no more of this one's.</summary>
    private async Task<string?> TryAsync(RecordInput record)
    {
        try
        {
            var outcome = await context.CallActivityAsync<StepOutcome?>(StepKinds.Record, record);
            return outcome is null || outcome.Succeeded || outcome.Kind == StepOutcomeKind.Fenced
                ? null
                : outcome.Reason ?? outcome.Kind.ToString();
        }
        catch (TaskFailedException failed)
        {
            return failed.Failure.Message;
        }
    }
}
