using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Undo of Generate and Issue: forgets the value of a credential that is revoked or was never made. A value that may be
/// live is kept.</summary>
internal sealed class DiscardPendingStep(StepServices services, Revoker revoker) : IStep
{
    public string Kind => StepKinds.DiscardPending;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        var all = await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken);
        var trail = await StepTrail.ReadAsync(services.Ledger, context.Rotation.Id, cancellationToken);
        var (discarded, orphaned) = (0, 0);
        foreach (var credential in all.Where(c => c.RotationNumber == context.Rotation.Number
            && c.State is not (CredentialState.Active or CredentialState.Orphan)))
        {
            if (credential.State != CredentialState.Revoked && MayBeLive(context, credential, trail))
            {
                await services.Ledger.RecordOrphanAsync(
                    context.Rotation.Id,
                    credential.Id,
                    StepServices.Note(credential),
                    "may be live at the provider: its value is kept until a person has settled it",
                    cancellationToken);
                orphaned++;
                continue;
            }

            await ForgetAsync(context, credential, cancellationToken);
            discarded++;
        }

        return discarded + orphaned == 0 ? StepOutcome.AlreadyDone()
            : StepOutcome.Done(("discarded", $"{discarded}"), ("orphans", orphaned == 0 ? null : $"{orphaned}"));
    }

    private bool MayBeLive(StepContext context, CredentialRecord credential, StepTrail trail) =>
        !revoker.GeneratesOnly(context)
        && (trail.MayHaveHappened(StepKinds.Issue, credential.CreatedAt, context)
            || trail.MayHaveHappened(StepKinds.Apply, credential.CreatedAt, context));

    private async Task ForgetAsync(StepContext context, CredentialRecord credential, CancellationToken cancellationToken)
    {
        var value = credential.Value;
        if (value is null && credential.Label is { } owner)
        {
            // Stored, but not recorded as minted.
            value = await services.StoreOf(context).FindAsync(context.Secret.Name, owner, cancellationToken);
        }

        await services.Ledger.RecordRevokedAsync(context.Rotation.Id, credential.Id, GivenUp.Withdrawn, cancellationToken);
        await services.DiscardAsync(context, value, cancellationToken);
    }
}
