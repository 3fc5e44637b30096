using Rotunda.Activities.Providers;
using Rotunda.Rotation.Credentials;
using Rotunda.Rotation.Planning;

namespace Rotunda.Activities.Steps.Data;

/// <summary>Forgets what was kept of the rows.</summary>
internal sealed class DropBackupStep(DataWork work) : IStep
{
    public string Kind => StepKinds.DropBackup;

    public Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken) =>
        work.WithoutKeysAsync(context, data => data.DropBackupAsync(context.Call!, cancellationToken));
}
