using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps.Data;

/// <summary>Proves that every row opens with the new key alone.</summary>
internal sealed class VerifyRowsStep(DataWork work) : IStep
{
    public string Kind => StepKinds.VerifyRows;

    public Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken) =>
        work.WithKeysAsync(
            context,
            needsNew: true,
            (data, keys) => data.VerifyRowsAsync(context.Call!, keys, DataWork.SliceOf(context, context.Input.Step.Id), cancellationToken),
            cancellationToken);
}
