using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Orchestrations;

/// <summary>What no code can settle waits here, in the open, for a person.</summary>
internal sealed class StuckWait(RotationRun run, ControlDesk desk, Recorder recorder, StatusReporter status)
{
    /// <summary>Waits for the message that settles it. A resume is recorded here, everything else by who acts on it.</summary>
    public async Task<Judgement> WaitAsync(Place place, string reason)
    {
        var before = run.State;
        run.State = RotationState.Stuck;
        await recorder.RecordAsync(RotationActions.Stuck, Actors.Rotunda, reason);
        status.Waiting("a person", until: null, reason, place);
        var judgement = await desk.WaitAsync(place, until: null)
            ?? throw new InvalidOperationException("A wait without a time ended without a message.");
        run.State = before;
        if (judgement.Kind == JudgementKind.Resume)
        {
            await recorder.RecordAsync(RotationActions.Resumed, judgement.Message.By, judgement.Message.Reason);
        }

        return judgement;
    }
}
