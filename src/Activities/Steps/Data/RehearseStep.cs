using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps.Data;

/// <summary>Plays the move in memory, with a key made for this slice. How far it is, is kept in the facts of its slices: it
/// writes nothing else.</summary>
internal sealed class RehearseStep(DataWork work) : IStep
{
    public string Kind => StepKinds.Rehearse;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        var cursor = await work.CursorAsync(context, cancellationToken);
        return await work.WithPassingKeyAsync(
            context,
            (data, keys) => data.RehearseAsync(
                context.Call!,
                keys,
                DataWork.SliceOf(context, context.Input.Step.Id, cursor),
                cancellationToken),
            cancellationToken);
    }
}
