using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps.Data;

/// <summary>Moves every row to the new key, a slice at a time.</summary>
internal sealed class MigrateStep(DataWork work, StepServices services) : IStep
{
    public string Kind => StepKinds.Migrate;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        var outcome = await work.WithKeysAsync(
            context,
            needsNew: true,
            (data, keys) => data.MigrateAsync(context.Call!, keys, DataWork.SliceOf(context, "migrate"), cancellationToken),
            cancellationToken);

        // The provider knows what this call has done. One before it, cut off perhaps, may have moved rows: then it was not nothing.
        return outcome.Kind is StepOutcomeKind.Rejected or StepOutcomeKind.RetryLater && await MayHaveMovedAsync(context, cancellationToken)
            ? StepOutcome.Unknown($"{outcome.Reason} Rows may have been moved before.") : outcome;
    }

    private async Task<bool> MayHaveMovedAsync(StepContext context, CancellationToken cancellationToken)
    {
        var trail = await StepTrail.ReadAsync(services.Ledger, context.Rotation.Id, cancellationToken);
        return trail.MayHaveHappened(StepKinds.Migrate, DateTimeOffset.MinValue, context);
    }
}
