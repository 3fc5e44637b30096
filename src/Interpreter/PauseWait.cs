using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>The pause wait stands between two slices of a step: it shows how far the step is, and halts it if a person wants so.</summary>
internal sealed class PauseWait(RotationSession session)
{
    /// <summary>False if a message ends the rotation.</summary>
    public async Task<bool> MayGoOnAsync(StepOutcome slice, ControlPoint point)
    {
        var isBack = point == ControlPoint.RollingBack;
        var slicing = isBack ? ControlPoint.SlicingBack : ControlPoint.Slicing;
        session.Status.Slice(StepProgress.Of(slice.Facts), slicing);
        var effect = await session.Control.LookAsync(slicing);
        if (effect is { Kind: ControlEffectKind.Pause })
        {
            effect = await PauseAsync(effect, isBack ? ControlPoint.PausedRollingBack : ControlPoint.Paused);
        }

        return effect is not { Kind: ControlEffectKind.Stop };
    }

    private async Task<ControlEffect> PauseAsync(ControlEffect pause, ControlPoint point)
    {
        var (_, run, control, _, recorder, status) = session;
        var before = run.State;
        run.State = RotationState.Paused;
        await recorder.RecordAsync(RotationActions.Paused, pause.Message.By, pause.Message.Reason);
        status.Waiting("a resume", until: null, problem: null, point);
        var effect = await control.WaitForeverAsync(point);
        run.State = before;
        if (effect.Kind == ControlEffectKind.Resume)
        {
            run.Resume();
            await recorder.RecordAsync(RotationActions.Resumed, effect.Message.By, effect.Message.Reason);
            status.Running();
        }

        return effect;
    }
}
