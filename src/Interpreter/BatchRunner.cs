using Rotunda.Rotation.Planning;

namespace Rotunda.Interpreter;

/// <summary>The batch runner runs the steps of one group side by side, each with its own retries, and lets all of them settle.</summary>
internal sealed class BatchRunner(RotationSession session, StepRetries steps)
{
    /// <summary>The neighbours from <paramref name="position"/> on that run side by side; usually one.</summary>
    public static IReadOnlyList<PlannedStep> BatchAt(IReadOnlyList<PlannedStep> steps, int position)
    {
        var batch = new List<PlannedStep> { steps[position] };
        var group = steps[position].Group;
        for (var next = position + 1;
            group is not null && next < steps.Count && steps[next].Group == group && !RunsAlone(steps[next]);
            next++)
        {
            batch.Add(steps[next]);
        }

        return batch;
    }

    public async Task<IReadOnlyList<BatchEnd>> RunAsync(IReadOnlyList<PlannedStep> batch)
    {
        var running = new Task<BatchEnd>[batch.Count];
        for (var index = 0; index < batch.Count; index++)
        {
            session.Run.Start(batch[index]);
            running[index] = RunOneAsync(batch[index]);
        }

        return await Task.WhenAll(running);
    }

    /// <summary>Makes one attempt of each step that has not succeeded.</summary>
    /// <returns>True if any of them got another answer than none.</returns>
    public async Task<bool> LookAsync(IReadOnlyList<PlannedStep> open)
    {
        var looks = open.Where(step => !session.Run.IsDone(step)).Select(LookOneAsync).ToArray();
        return (await Task.WhenAll(looks)).Contains(true);
    }

    private static bool RunsAlone(PlannedStep step) =>
        step.Kind is StepKinds.Approval or StepKinds.Grace or StepKinds.Evidence or StepKinds.Promote or StepKinds.Hold or StepKinds.Wait
            or StepKinds.Ask or StepKinds.ConfirmRevoked;

    private async Task<bool> LookOneAsync(PlannedStep step)
    {
        var outcome = await steps.AttemptAsync(step, undo: null);
        if (outcome.Succeeded)
        {
            session.Run.Finish(step, session.Context.CurrentUtcTime, outcome.Facts);
        }

        return !StuckWait.MayPass(outcome);
    }

    private async Task<BatchEnd> RunOneAsync(PlannedStep step)
    {
        var end = await steps.RunAsync(step, undo: null, ControlPoint.Running);
        if (end is StepEnd.Tried { Outcome: { Succeeded: true } outcome })
        {
            session.Run.Finish(step, session.Context.CurrentUtcTime, outcome.Facts);
        }

        return new BatchEnd(step, end);
    }
}
