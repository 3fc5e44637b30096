using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Makes credentials stop working and settles them in the ledger: revoked where the provider did it, an orphan where
/// only a person can.</summary>
internal sealed class Revoker(StepServices services)
{
    /// <summary>Revokes one credential whose value is of no use. Null once it is settled.</summary>
    public async Task<StepOutcome?> SettleAsync(
        StepContext context,
        CredentialRecord credential,
        string why,
        CancellationToken cancellationToken)
    {
        var rotation = context.Rotation.Id;
        if (services.Ability<IRevokeCredentials>(context) is not { } revoking)
        {
            if (GeneratesOnly(context))
            {
                await services.Ledger.RecordRevokedAsync(rotation, credential.Id, $"{why}; no system knows it", cancellationToken);
                return null;
            }

            await services.Ledger.RecordOrphanAsync(
                rotation,
                credential.Id,
                StepServices.Note(credential),
                $"{why}; '{context.Binding?.Type}' cannot revoke: to be revoked by hand",
                cancellationToken);
            return null;
        }

        await services.Ledger.BeginRevokeAsync(rotation, [credential.Id], cancellationToken);
        var outcome = await services.Outside.RunAsync(
            context,
            () => revoking.RevokeAsync(context.Call!, StepServices.Handle(credential), cancellationToken));
        if (!outcome.Succeeded)
        {
            return outcome;
        }

        await services.Ledger.RecordRevokedAsync(rotation, credential.Id, why, cancellationToken);
        await services.DiscardAsync(context, credential.Value, cancellationToken);
        return null;
    }

    /// <summary>Looks for what an attempt without an answer may have minted, by its label, and revokes it. Null once nothing of
    /// it is left.</summary>
    public async Task<StepOutcome?> RevokeLostAsync(StepContext context, CredentialRecord minting, CancellationToken cancellationToken)
    {
        if (services.Ability<IListCredentials>(context) is not { } lister)
        {
            return StepServices.Lacks(context, "list credentials");
        }

        var listed = await services.Outside.RunAsync(context, () => lister.ListAsync(context.Call!, minting.Label!, cancellationToken));
        // The prefix of number 1 is also one of number 10's.
        foreach (var lost in listed.Where(lost => lost.Handle.Label == minting.Label))
        {
            var recorded = await services.Ledger.RecordIssuedAsync(minting.Id, lost.Handle.Id, lost.Handle.Account, cancellationToken);
            if (await SettleAsync(context, recorded, "minted by an attempt whose answer was lost", cancellationToken) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>True where values are made here and no system has to be told.</summary>
    public bool GeneratesOnly(StepContext context) =>
        context.Binding is { } binding && services.Providers.AbilitiesOf(binding) is { } abilities
        && (abilities & (Abilities.GenerateValues | Abilities.IssueCredentials | Abilities.ApplyValues)) == Abilities.GenerateValues;
}
