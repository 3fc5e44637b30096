using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Makes the new version current, in the store first: a crash between leaves the ledger behind, and the step is
/// repeatable.</summary>
internal sealed class PromoteStep(StepServices services) : IStep
{
    public string Kind => StepKinds.Promote;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (await services.Ledger.GetNewCredentialAsync(context.Rotation.Id, cancellationToken)
            is not { State: CredentialState.Pending or CredentialState.Active, Value: { } stored } credential)
        {
            return StepOutcome.Rejected(
                "There is no new value to promote: it was not made, or was discarded. Roll this rotation back "
                    + "and start another.");
        }

        await services.StoreOf(context, stored.Store).PromoteAsync(stored, cancellationToken);
        await services.Ledger.PromoteAsync(context.Rotation.Id, cancellationToken);
        return StepOutcome.Done(("value", stored.ToString()), ("fingerprint", credential.Fingerprint));
    }
}
