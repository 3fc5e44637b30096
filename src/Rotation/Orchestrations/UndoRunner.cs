using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Orchestrations;

/// <summary>Undoes started steps, newest first, each undo durable and repeatable. One that fails waits for a person and goes on there.</summary>
internal sealed class UndoRunner(RotationRun run, StepRunner steps, ControlDesk desk, StuckWait stuck, Recorder recorder)
{
    /// <summary>Null once all are undone; else how the rotation ends instead.</summary>
    /// <param name="which">The steps to undo, of those that were started.</param>
    public async Task<Ending?> RunAsync(Func<PlannedStep, bool> which, Place place, Place whenStuck)
    {
        for (var index = run.Started.Count - 1; index >= 0; index--)
        {
            var step = run.Started[index];
            if (!which(step))
            {
                continue;
            }

            foreach (var undo in step.Undo.Where(undo => !run.IsUndone(step, undo)))
            {
                if (await RunOneAsync(step, undo, place, whenStuck) is { } ending)
                {
                    return ending;
                }

                await recorder.RecordAsync(RotationActions.UndoDone, Actors.Rotunda, undo.Title);
            }

            run.Forget(step);
        }

        return null;
    }

    private async Task<Ending?> RunOneAsync(PlannedStep step, PlannedUndo undo, Place place, Place whenStuck)
    {
        while (true)
        {
            var stop = await desk.LookAsync(place);
            var outcome = stop is null ? await steps.RunAsync(step, undo, place) : null;
            if (outcome is null)
            {
                return Ending.Of(desk.TakeStop()!);
            }

            if (outcome.Succeeded)
            {
                return null;
            }

            if (outcome.Kind == StepOutcomeKind.Fenced)
            {
                return Ending.Fenced(outcome);
            }

            await stuck.WaitAsync(whenStuck, $"{undo.Title}: {outcome.Reason}");
        }
    }
}
