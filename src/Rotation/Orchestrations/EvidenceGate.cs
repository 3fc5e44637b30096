using Rotunda.Orchestration;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Orchestrations;

/// <summary>
/// Asks again and again whether the old credential is still in use. Asking may go on for days, so only answers that tell
/// nothing count against the budget; "not yet" counts against the gate's own time.
/// </summary>
internal sealed class EvidenceGate(
    IOrchestrationContext context, RotationRun run, StepRunner steps, ControlDesk desk, StuckWait stuck, Recorder recorder, StatusReporter status)
{
    private const string Proceed = "proceed";

    /// <summary>Null to go on; else how the rotation ends.</summary>
    public async Task<Ending?> RunAsync(PlannedStep step)
    {
        status.Enter(step);
        run.Start(step);
        run.State = RotationState.Grace;
        while (true)
        {
            var end = await WatchAsync(step);
            var judgement = end.Judgement;
            if (end.Problem is { } problem)
            {
                judgement = await stuck.WaitAsync(Place.StuckAtGate, $"{step.Title}: {problem}");
            }

            if (end.Ending is not null)
            {
                return end.Ending;
            }

            switch (judgement?.Kind)
            {
                case JudgementKind.Resume:
                    continue;
                case JudgementKind.Stop:
                    return Ending.Of(desk.TakeStop()!);
                case JudgementKind.Skip:
                    await recorder.RecordAsync(RotationActions.EvidenceSkipped, judgement.Message.By, judgement.Message.Reason);
                    break;
                default:
                    break;
            }

            run.State = RotationState.Running;
            return null;
        }
    }

    private async Task<GateEnd> WatchAsync(PlannedStep step)
    {
        var since = run.TakeGate().Since ?? context.CurrentUtcTime;
        var deadline = since + step.Timeout;
        var silent = 0;
        for (var polls = 1; ; polls++)
        {
            var outcome = await steps.AttemptAsync(step, undo: null);
            silent = outcome.Kind == StepOutcomeKind.RetryLater ? 0 : silent + 1;
            if (outcome.Succeeded)
            {
                return GateEnd.Open;
            }

            if (outcome.Kind == StepOutcomeKind.Fenced)
            {
                return new GateEnd(Ending: Ending.Fenced(outcome));
            }

            if (outcome.Kind is not (StepOutcomeKind.RetryLater or StepOutcomeKind.Unknown) || silent >= step.Retry.Attempts)
            {
                return new GateEnd(Problem: outcome.Reason ?? outcome.Kind.ToString());
            }

            if (deadline <= context.CurrentUtcTime)
            {
                return await TimedOutAsync(step, outcome);
            }

            if (await PauseAsync(step, outcome, polls, deadline) is { } judgement)
            {
                return new GateEnd(Judgement: judgement);
            }
        }
    }

    private async Task<Judgement?> PauseAsync(PlannedStep step, StepOutcome outcome, int polls, DateTimeOffset? deadline)
    {
        // An emergency's plan that has a gate means it: the pace is the plan's.
        var until = context.CurrentUtcTime + Backoff.Pause(step.Retry, polls, outcome.RetryAfter, emergency: false, context.NewGuid());
        status.Waiting("proof that nobody uses the old credential", deadline, outcome.Reason, Place.Evidence);
        return await desk.WaitAsync(Place.Evidence, until > deadline ? deadline : until);
    }

    private async Task<GateEnd> TimedOutAsync(PlannedStep step, StepOutcome last)
    {
        var problem = $"no proof in time: {last.Reason}";
        if (step.Settings.GetValueOrDefault(StepSettings.OnTimeout) != Proceed)
        {
            return new GateEnd(Problem: problem);
        }

        await recorder.RecordAsync(RotationActions.EvidenceTimedOut, Actors.Rotunda, $"{problem}; the policy says to proceed");
        return GateEnd.Open;
    }

    private sealed record GateEnd(Judgement? Judgement = null, Ending? Ending = null, string? Problem = null)
    {
        public static GateEnd Open { get; } = new();
    }
}
