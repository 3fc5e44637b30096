using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// Has the provider mint a credential and stores its value. Never mints blindly: while an earlier attempt may have minted, it
/// looks for that one by id or label first, and revokes what it finds, because its value is lost.
/// </summary>
internal sealed class IssueStep(StepServices services, Revoker revoker, LostLeases lost) : IStep
{
    public string Kind => StepKinds.Issue;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (services.Ability<IIssueCredentials>(context) is not { } issuer)
        {
            return StepServices.Lacks(context, "issue credentials");
        }

        var known = await services.Ledger.GetNewCredentialAsync(context.Rotation.Id, cancellationToken);
        if (known is { State: CredentialState.Pending or CredentialState.Active, Value: not null })
        {
            return StepOutcome.AlreadyDone(("id", known.ProviderCredentialId), ("fingerprint", known.Fingerprint));
        }

        var minting = await services.Ledger.BeginMintAsync(
            context.Rotation.Id,
            context.Settings.GetValueOrDefault(StepSettings.Account),
            cancellationToken);
        if (known is not null && await FindAsync(context, minting, cancellationToken) is { } found)
        {
            return found;
        }

        if (known is not null && await ClearAsync(context, minting, cancellationToken) is { } problem)
        {
            return problem;
        }

        // The same one, unless an earlier attempt's had to be settled.
        minting = await services.Ledger.BeginMintAsync(context.Rotation.Id, minting.Account, cancellationToken);
        return await IssueAsync(context, issuer, minting, cancellationToken);
    }

    /// <summary>The value of an earlier attempt, stored but not recorded.</summary>
    private async Task<StepOutcome?> FindAsync(StepContext context, CredentialRecord minting, CancellationToken cancellationToken)
    {
        if (minting.ProviderCredentialId is null
            || await services.StoreOf(context).FindAsync(context.Secret.Name, minting.Label!, cancellationToken) is not { } stored)
        {
            return null;
        }

        using var value = await services.ReadAsync(context, stored, cancellationToken);
        return await MintedAsync(context, minting, value, stored, cancellationToken);
    }

    /// <summary>Settles what an earlier attempt may have minted; null when nothing stands in the way of minting.</summary>
    private async Task<StepOutcome?> ClearAsync(StepContext context, CredentialRecord minting, CancellationToken cancellationToken)
    {
        if (services.Providers.DescriptorOf(context.Binding!)!.RepeatsIssue)
        {
            return null;
        }

        if (minting.ProviderCredentialId is not null)
        {
            return await revoker.SettleAsync(context, minting, "minted, but its value was lost before it was stored", cancellationToken);
        }

        var trail = await StepTrail.ReadAsync(services.Ledger, context.Rotation.Id, cancellationToken);
        if (!trail.MayHaveHappened(StepKinds.Issue, minting.CreatedAt, context))
        {
            return null;
        }

        if (services.Ability<ILeaseCredentials>(context) is { } leasing)
        {
            await lost.RecordAsync(context, leasing, minting, cancellationToken);
            return null;
        }

        if (services.Ability<IListCredentials>(context) is null)
        {
            return StepOutcome.Unknown(
                $"{services.UnknownOrphan(context, minting)}; then roll this rotation back and start another.");
        }

        return await revoker.RevokeLostAsync(context, minting, cancellationToken);
    }

    private async Task<StepOutcome> IssueAsync(
        StepContext context,
        IIssueCredentials issuer,
        CredentialRecord minting,
        CancellationToken cancellationToken)
    {
        var old = await services.Ledger.GetOldCredentialAsync(context.Rotation.Id, cancellationToken);
        var ended = old is { State: CredentialState.Revoked };
        var request = new IssueRequest(minting.Label!, old is null || ended ? null : StepServices.Handle(old))
        {
            Ended = ended ? StepServices.Handle(old!) : null,
            Since = minting.CreatedAt,
            InUse = () => services.TryReadAsync(context, old?.Value, cancellationToken),
        };
        var issued = await services.Outside.RunAsync(context, () => issuer.IssueAsync(context.Call!, request, cancellationToken));
        using var value = issued.Value;
        if (!issued.Outcome.Succeeded)
        {
            return issued.Outcome;
        }

        if (value is null || issued.Credential is not { } credential)
        {
            return StepOutcome.Unknown("The provider says that it minted a credential, but did not show it.");
        }

        context.Scope.Register(value);
        // The id first: if anything fails from here on, this credential can be found and revoked.
        minting = await services.Ledger.RecordIssuedAsync(
            minting.Id,
            credential.Id,
            credential.Account,
            issued.ExpiresAt,
            CancellationToken.None);
        if (issued.Lease is { } lease)
        {
            await services.Ledger.RecordLeaseAsync(
                minting.Id, lease.EndsAt, LeaseCourse.Begin(lease, services.Time.GetUtcNow()), CancellationToken.None);
        }

        try
        {
            var stored = await services.StoreOf(context)
                .PutPendingAsync(
                    context.Secret.Name,
                    minting.Label!,
                    value,
                    Fingerprint.Of(value, context.Secret.Salt),
                    CancellationToken.None);
            return await MintedAsync(context, minting, value, stored, CancellationToken.None);
        }
        catch (StoreUnavailableException exception) when (
            services.Providers.DescriptorOf(context.Binding!) is { OldEnds: not null, RepeatsIssue: true })
        {
            // The old one ends already: nothing was taken back, and the way is forward.
            return StepOutcome.Unknown($"The new value could not be stored, and another one takes its place. {exception.Message}");
        }
        catch (StoreUnavailableException exception)
        {
            var settled = await revoker.SettleAsync(context, minting, "minted, but its value could not be stored", CancellationToken.None);
            return settled
                ?? StepOutcome.RetryLater($"The new value could not be stored, so its credential was taken back. {exception.Message}");
        }
    }

    private async Task<StepOutcome> MintedAsync(
        StepContext context,
        CredentialRecord minting,
        SecretValue value,
        SecretRef stored,
        CancellationToken cancellationToken)
    {
        var minted = await services.Ledger.RecordMintedAsync(
            minting.Id,
            minting.ProviderCredentialId,
            minting.Account,
            Fingerprint.Of(value, context.Secret.Salt),
            stored,
            cancellationToken);
        return StepOutcome.Done(("id", minted.ProviderCredentialId), ("fingerprint", minted.Fingerprint), ("value", stored.ToString()));
    }
}
