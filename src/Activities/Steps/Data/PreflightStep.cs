using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps.Data;

/// <summary>Looks for whatever would stop the move of the rows, before anything is written.</summary>
internal sealed class PreflightStep(DataWork work) : IStep
{
    public string Kind => StepKinds.Preflight;

    public Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken) =>
        work.WithPassingKeyAsync(context, (data, keys) => data.PreflightAsync(context.Call!, keys, cancellationToken), cancellationToken);
}
