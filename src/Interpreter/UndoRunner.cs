using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>
/// The undo runner undoes started steps, newest first, each undo durable and repeatable. One that fails waits for a person and
/// goes on there.
/// </summary>
internal sealed class UndoRunner(RotationSession session, StepRetries steps)
{
    /// <summary>Null once all are undone; else how the rotation ends instead.</summary>
    /// <param name="which">The steps to undo, of those that were started.</param>
    public async Task<Ending?> RunAsync(Func<PlannedStep, bool> which, ControlPoint point, ControlPoint whenStuck)
    {
        var run = session.Run;
        for (var index = run.Started.Count - 1; index >= 0; index--)
        {
            var step = run.Started[index];
            if (!which(step))
            {
                continue;
            }

            foreach (var undo in step.Undo.Where(undo => !run.IsUndone(step, undo)))
            {
                if (await RunOneAsync(step, undo, point, whenStuck) is { } ending)
                {
                    return ending;
                }

                run.FinishUndo(step, undo.Id);
                await session.Recorder.RecordAsync(RotationActions.UndoDone, Actors.Rotunda, undo.Title);
            }

            run.Forget(step);
        }

        return null;
    }

    private async Task<Ending?> RunOneAsync(PlannedStep step, PlannedUndo undo, ControlPoint point, ControlPoint whenStuck)
    {
        while (true)
        {
            if (await session.Control.LookAsync(point) is not null
                || await steps.RunAsync(step, undo, point) is not StepEnd.Tried { Outcome: var outcome })
            {
                return session.Control.TakeEnding();
            }

            if (outcome.Succeeded)
            {
                return null;
            }

            if (outcome.Kind == StepOutcomeKind.Fenced)
            {
                return Ending.Fenced(outcome);
            }

            var settled = false;
            Func<Task<bool>>? look = StuckWait.MayPass(outcome) ? LookAsync : null;
            await session.Stuck.WaitAsync(whenStuck, $"{undo.Title}: {outcome.Reason}", look);
            if (settled)
            {
                return null;
            }

            async Task<bool> LookAsync()
            {
                var found = await steps.AttemptAsync(step, undo);
                settled = found.Succeeded;
                return !StuckWait.MayPass(found);
            }
        }
    }
}
