using Rotunda.Ledger;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>The way back of Promote, while the old credential still works.</summary>
internal sealed class UnpromoteStep(StepServices services) : IStep
{
    public string Kind => StepKinds.Unpromote;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        var fresh = await services.Ledger.GetNewCredentialAsync(context.Rotation.Id, cancellationToken);
        var old = await services.Ledger.GetOldCredentialAsync(context.Rotation.Id, cancellationToken);
        if (old is { State: CredentialState.Revoking or CredentialState.Revoked or CredentialState.Orphan })
        {
            return StepOutcome.Rejected(
                $"The old credential is {LedgerWords.Of(old.State)}: there is no way back. The new one stays current; start "
                    + "another rotation.");
        }

        if (old?.Value is { } stored)
        {
            // Promote may have reached the store only.
            await services.StoreOf(context, stored.Store).PromoteAsync(stored, cancellationToken);
        }

        await services.Ledger.UnpromoteAsync(context.Rotation.Id, cancellationToken);
        return fresh is { State: CredentialState.Active }
            ? StepOutcome.Done(("value", old?.Value?.ToString() ?? "the old value is not in the store")) : StepOutcome.AlreadyDone();
    }
}
