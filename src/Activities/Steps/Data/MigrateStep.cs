using Rotunda.Activities.Providers;
using Rotunda.Rotation.Credentials;
using Rotunda.Rotation.Planning;

namespace Rotunda.Activities.Steps.Data;

/// <summary>Moves every row to the new key, a slice at a time.</summary>
internal sealed class MigrateStep(DataWork work) : IStep
{
    public string Kind => StepKinds.Migrate;

    public Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken) =>
        work.WithKeysAsync(context, needsNew: true, (data, keys) => data.MigrateAsync(context.Call!, keys, DataWork.SliceOf(context, "migrate"), cancellationToken), cancellationToken);
}
