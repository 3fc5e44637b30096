using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>
/// The evidence gate asks again and again whether the old credential is still in use. Asking may go on for days, so only
/// answers that tell nothing count against the budget; "not yet" counts against the gate's own time.
/// </summary>
internal sealed class EvidenceGate(RotationSession session, StepRetries steps)
{
    private const string Proceed = "proceed";

    /// <summary>Null to go on; else how the rotation ends.</summary>
    public async Task<Ending?> RunAsync(PlannedStep step)
    {
        var (_, run, control, _, recorder, status) = session;
        status.Enter(step);
        run.Start(step);
        run.State = RotationState.Grace;
        while (true)
        {
            var end = await WatchAsync(step);
            if (end is GateEnd.Problem problem)
            {
                end = await StuckAsync(step, problem);
            }

            switch (end)
            {
                case GateEnd.Ended ended:
                    return ended.Ending;
                case GateEnd.Told { Effect.Kind: ControlEffectKind.Resume }:
                    continue;
                case GateEnd.Told { Effect.Kind: ControlEffectKind.Stop }:
                    return control.TakeEnding();
                case GateEnd.Told { Effect: { Kind: ControlEffectKind.Skip, Message: var skip } }:
                    await recorder.RecordAsync(RotationActions.EvidenceSkipped, skip.By, skip.Reason);
                    break;
                default:
                    break;
            }

            run.State = RotationState.Running;
            return null;
        }
    }

    /// <summary>Waits stuck; a look that finds the proof opens the gate, one that gets another answer begins to watch it anew.</summary>
    private async Task<GateEnd> StuckAsync(PlannedStep step, GateEnd.Problem problem)
    {
        var isProven = false;
        Func<Task<bool>>? look = problem.MayPass ? LookAsync : null;
        var effect = await session.Stuck.WaitAsync(ControlPoint.StuckAtGate, $"{step.Title}: {problem.Reason}", look);
        return isProven && effect.Kind == ControlEffectKind.Resume ? new GateEnd.Open() : new GateEnd.Told(effect);

        async Task<bool> LookAsync()
        {
            var found = await steps.AttemptAsync(step, undo: null);
            isProven = found.Succeeded;
            return found.Kind != StepOutcomeKind.Unknown;
        }
    }

    private async Task<GateEnd> WatchAsync(PlannedStep step)
    {
        var since = session.Run.TakeSavedGate().Since ?? session.Context.CurrentUtcTime;
        var deadline = since + step.Timeout;
        var silent = 0;
        for (var polls = 1; ; polls++)
        {
            var outcome = await steps.AttemptAsync(step, undo: null);
            silent = outcome.Kind == StepOutcomeKind.RetryLater ? 0 : silent + 1;
            if (outcome.Succeeded)
            {
                return new GateEnd.Open();
            }

            if (outcome.Kind == StepOutcomeKind.Fenced)
            {
                return new GateEnd.Ended(Ending.Fenced(outcome));
            }

            if (outcome.Kind is not (StepOutcomeKind.RetryLater or StepOutcomeKind.Unknown) || silent >= step.Retry.Attempts)
            {
                return new GateEnd.Problem(outcome.Reason ?? outcome.Kind.ToString(), StuckWait.MayPass(outcome));
            }

            if (deadline <= session.Context.CurrentUtcTime)
            {
                return await TimedOutAsync(step, outcome);
            }

            if (await PauseAsync(step, outcome, polls, deadline) is { } effect)
            {
                return new GateEnd.Told(effect);
            }
        }
    }

    private async Task<ControlEffect?> PauseAsync(PlannedStep step, StepOutcome outcome, int polls, DateTimeOffset? deadline)
    {
        // An emergency's plan that has a gate means it: the pace is the plan's.
        var pause = Backoff.Pause(step.Retry, polls, outcome.RetryAfter, emergency: false, session.Context.NewGuid());
        var until = session.Context.CurrentUtcTime + pause;
        session.Status.Waiting("proof that nobody uses the old credential", deadline, outcome.Reason, ControlPoint.Evidence);
        return await session.Control.WaitAsync(ControlPoint.Evidence, until > deadline ? deadline : until);
    }

    private async Task<GateEnd> TimedOutAsync(PlannedStep step, StepOutcome last)
    {
        var problem = $"no proof in time: {last.Reason}";
        if (step.Settings.GetValueOrDefault(StepSettings.OnTimeout) != Proceed)
        {
            return new GateEnd.Problem(problem);
        }

        await session.Recorder.RecordAsync(RotationActions.EvidenceTimedOut, Actors.Rotunda, $"{problem}; the policy says to proceed");
        return new GateEnd.Open();
    }

    /// <summary>A gate end is what ended one watch of the gate.</summary>
    private abstract record GateEnd
    {
        /// <summary>Nobody uses the old credential, or the policy proceeds without proof.</summary>
        public sealed record Open : GateEnd;

        /// <summary>It cannot go on from here now.</summary>
        public sealed record Problem(string Reason, bool MayPass = false) : GateEnd;

        /// <summary>A message came that matters.</summary>
        public sealed record Told(ControlEffect Effect) : GateEnd;

        /// <summary>The rotation ends.</summary>
        public sealed record Ended(Ending Ending) : GateEnd;
    }
}
