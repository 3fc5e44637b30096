using Rotunda.Orchestration;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Orchestrations;

/// <param name="Outcome">Null if a message ended the rotation while the step paused.</param>
internal sealed record StepEnd(PlannedStep Step, StepOutcome? Outcome)
{
    public bool Succeeded => Outcome is { Succeeded: true };
}

/// <summary>Runs the steps of one group side by side, each with its own retries, and lets all of them settle.</summary>
internal sealed class BatchRunner(IOrchestrationContext context, RotationRun run, StepRunner steps)
{
    /// <summary>The neighbours from <paramref name="position"/> on that run side by side; usually one.</summary>
    public static IReadOnlyList<PlannedStep> BatchAt(IReadOnlyList<PlannedStep> steps, int position)
    {
        var batch = new List<PlannedStep> { steps[position] };
        var group = steps[position].Group;
        for (var next = position + 1; group is not null && next < steps.Count && steps[next].Group == group && !RunsAlone(steps[next]); next++)
        {
            batch.Add(steps[next]);
        }

        return batch;
    }

    public async Task<IReadOnlyList<StepEnd>> RunAsync(IReadOnlyList<PlannedStep> batch)
    {
        var running = new Task<StepEnd>[batch.Count];
        for (var index = 0; index < batch.Count; index++)
        {
            run.Start(batch[index]);
            running[index] = RunOneAsync(batch[index]);
        }

        return await Task.WhenAll(running);
    }

    private static bool RunsAlone(PlannedStep step) =>
        step.Kind is StepKinds.Approval or StepKinds.Grace or StepKinds.Evidence or StepKinds.Promote;

    private async Task<StepEnd> RunOneAsync(PlannedStep step)
    {
        var outcome = await steps.RunAsync(step, undo: null, Place.Running);
        if (outcome is { Succeeded: true })
        {
            run.Finish(step, context.CurrentUtcTime, outcome.Facts);
        }

        return new StepEnd(step, outcome);
    }
}
