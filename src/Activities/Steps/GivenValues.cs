namespace Rotunda.Activities.Steps;

/// <summary>
/// Values that people gave and that no record took: whoever took one died, or another came first. Each may have been made at its system,
/// so none just goes.
/// </summary>
internal sealed class GivenValues(StepServices services)
{
    /// <summary>Lists each, and keeps nothing of it. Whoever still takes one finds that it was settled, and keeps nothing either.</summary>
    public async Task SettleAsync(StepContext context, CancellationToken cancellationToken)
    {
        foreach (var given in await services.Ledger.ListMintsAsync(context.Rotation.Id, cancellationToken))
        {
            // On record afterwards: whatever dies in between, it is found again.
            await services.DiscardAsync(
                context,
                await services.StoreOf(context).FindAsync(context.Secret.Name, given.Label!, cancellationToken),
                cancellationToken);
            await services.Ledger.RecordOrphanAsync(
                context.Rotation.Id,
                given.Id,
                StepServices.Note(given),
                "given by a person, and not taken: to be revoked by hand if it was made",
                cancellationToken);
        }
    }
}
