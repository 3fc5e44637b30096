using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Orchestrations;

/// <summary>What no code can settle waits here, in the open, for a person.</summary>
internal sealed class StuckWait(RotationRun run, ControlWait control, Recorder recorder, StatusReporter status)
{
    /// <summary>Waits for the message that settles it. A resume is recorded here, everything else by who acts on it.</summary>
    public async Task<ControlEffect> WaitAsync(ControlPoint point, string reason)
    {
        var before = run.State;
        run.State = RotationState.Stuck;
        await recorder.RecordAsync(RotationActions.Stuck, Actors.Rotunda, reason);
        status.Waiting("a person", until: null, reason, point);
        var effect = await control.WaitForeverAsync(point);
        run.State = before;
        if (effect.Kind == ControlEffectKind.Resume)
        {
            run.Resume();
            await recorder.RecordAsync(RotationActions.Resumed, effect.Message.By, effect.Message.Reason);
        }

        return effect;
    }
}
