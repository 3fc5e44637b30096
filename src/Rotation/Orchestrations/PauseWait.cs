using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Orchestrations;

/// <summary>Between two slices of a step: shows how far it is, and looks whether a person wants it to halt.</summary>
internal sealed class PauseWait(RotationRun run, ControlDesk desk, Recorder recorder, StatusReporter status)
{
    /// <summary>False if a message ends the rotation.</summary>
    public async Task<bool> MayGoOnAsync(StepOutcome slice, Place place)
    {
        var isBack = place == Place.RollingBack;
        var slicing = isBack ? Place.SlicingBack : Place.Slicing;
        status.Slice(StepProgress.Of(slice.Facts), slicing);
        var judgement = await desk.LookAsync(slicing);
        if (judgement is { Kind: JudgementKind.Pause })
        {
            judgement = await PauseAsync(judgement, isBack ? Place.PausedRollingBack : Place.Paused);
        }

        return judgement is not { Kind: JudgementKind.Stop };
    }

    private async Task<Judgement> PauseAsync(Judgement pause, Place place)
    {
        var before = run.State;
        run.State = RotationState.Paused;
        await recorder.RecordAsync(RotationActions.Paused, pause.Message.By, pause.Message.Reason);
        status.Waiting("a resume", until: null, problem: null, place);
        var judgement = await desk.WaitAsync(place, until: null)
            ?? throw new InvalidOperationException("A wait without a time ended without a message.");
        run.State = before;
        if (judgement.Kind == JudgementKind.Resume)
        {
            await recorder.RecordAsync(RotationActions.Resumed, judgement.Message.By, judgement.Message.Reason);
            status.Running();
        }

        return judgement;
    }
}
