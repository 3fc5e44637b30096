using Rotunda.Activities.Providers;
using Rotunda.Rotation.Credentials;
using Rotunda.Rotation.Planning;

namespace Rotunda.Activities.Steps.Data;

/// <summary>Puts every row back under the key in use: on the way back, or where an earlier rotation left some under its own.</summary>
internal sealed class RestoreRowsStep(DataWork work) : IStep
{
    public string Kind => StepKinds.RestoreRows;

    public Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        var pass = context.IsSet(StepSettings.Level) ? "level" : "back";
        return work.WithKeysAsync(
            context, needsNew: false, (data, keys) => data.RestoreRowsAsync(context.Call!, keys, DataWork.SliceOf(context, pass), cancellationToken), cancellationToken);
    }
}
