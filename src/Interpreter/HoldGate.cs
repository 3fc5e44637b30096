using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>
/// The hold gate stands right before what ends the old credential. It asks whether that may happen, and waits as long as the answer is
/// no: what is missing (a target without the new value, a clock that is not believed) is mended from outside, so no time is too long.
/// </summary>
internal sealed class HoldGate(RotationSession session, StepRetries steps)
{
    private static readonly RetryBudget s_pace = new(int.MaxValue, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(15));

    /// <summary>Null to go on; else how the rotation ends.</summary>
    public async Task<Ending?> RunAsync(PlannedStep step)
    {
        session.Status.Enter(step);
        session.Run.Start(step);
        session.Run.State = RotationState.Grace;
        string? told = null;
        for (var looks = 1; ; looks++)
        {
            var outcome = await steps.AttemptAsync(step, undo: null);
            if (outcome.Succeeded)
            {
                return await OpenAsync(told is null ? null : RotationActions.HoldEnded, Actors.Rotunda, detail: null);
            }

            if (outcome.Kind == StepOutcomeKind.Fenced)
            {
                return Ending.Fenced(outcome);
            }

            var reason = outcome.Reason ?? outcome.Kind.ToString();
            if (reason != told)
            {
                await session.Recorder.RecordAsync(RotationActions.HoldStarted, Actors.Rotunda, told = reason);
            }

            var effect = await PauseAsync(outcome, reason, looks);
            if (effect is { Kind: ControlEffectKind.Stop })
            {
                return session.Control.TakeEnding();
            }

            if (effect is { Kind: ControlEffectKind.Skip, Message: var skip })
            {
                return await OpenAsync(RotationActions.HoldSkipped, skip.By, skip.Reason);
            }
        }
    }

    private async Task<ControlEffect?> PauseAsync(StepOutcome outcome, string reason, int looks)
    {
        var pause = Backoff.Pause(s_pace, looks, outcome.RetryAfter, session.Run.IsEmergency, session.Context.NewGuid());
        session.Status.Waiting("what holds the revoke", until: null, reason, ControlPoint.Hold);
        return await session.Control.WaitAsync(ControlPoint.Hold, session.Context.CurrentUtcTime + pause);
    }

    private async Task<Ending?> OpenAsync(string? action, string actor, string? detail)
    {
        if (action is not null)
        {
            await session.Recorder.RecordAsync(action, actor, detail);
        }

        session.Run.State = RotationState.Running;
        return null;
    }
}
