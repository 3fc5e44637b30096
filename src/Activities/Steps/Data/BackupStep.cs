using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps.Data;

/// <summary>Keeps every row as it is.</summary>
internal sealed class BackupStep(DataWork work) : IStep
{
    public string Kind => StepKinds.Backup;

    public Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken) =>
        work.WithoutKeysAsync(context, data => data.BackupAsync(context.Call!, DataWork.SliceOf(context, "backup"), cancellationToken));
}
