using Rotunda.Ledger;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps.Data;

/// <summary>Forgets what was kept of the rows; at a rotation's end also what one that it took over had kept.</summary>
internal sealed class DropBackupStep(DataWork work, StepServices services) : IStep
{
    private const int RotationsLookedAt = 20;

    public string Kind => StepKinds.DropBackup;

    public Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken) =>
        work.WithoutKeysAsync(context, async data =>
        {
            // On the way back the tables of an earlier one stay: nobody has moved its rows to an end yet.
            if (context.Input.Undo is null)
            {
                var superseded = new RotationFilter(context.Secret.Name, [RotationState.Superseded], Limit: RotationsLookedAt);
                foreach (var earlier in await services.Ledger.ListRotationsAsync(superseded, cancellationToken))
                {
                    var outcome = await data.DropBackupAsync(context.Call! with { RotationId = earlier.Id }, cancellationToken);
                    if (!outcome.Succeeded)
                    {
                        return outcome;
                    }
                }
            }

            return await data.DropBackupAsync(context.Call!, cancellationToken);
        });
}
