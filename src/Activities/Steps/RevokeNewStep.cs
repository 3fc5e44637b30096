using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Undo of Issue, and of Apply on an idle account: the new credential stops working.</summary>
internal sealed class RevokeNewStep(StepServices services, Revoker revoker, GivenValues given, LostLeases lost, WayBackHold hold)
    : IStep
{
    public string Kind => StepKinds.RevokeNew;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (context.Plan.Strategy == Strategy.Supplied)
        {
            await given.SettleAsync(context, cancellationToken);
        }

        if (await services.Ledger.GetNewCredentialAsync(context.Rotation.Id, cancellationToken) is not { } fresh)
        {
            return StepOutcome.AlreadyDone();
        }

        if (fresh.State == CredentialState.Active)
        {
            return StepOutcome.Rejected("The new credential is the current one, so it is not revoked. Start another rotation to end it.");
        }

        var trail = await StepTrail.ReadAsync(services.Ledger, context.Rotation.Id, cancellationToken);
        var happened = fresh.ProviderCredentialId is not null
                && context.Plan.Strategy is Strategy.Overlap or Strategy.Supplied or Strategy.Leased
            || fresh.Value is not null && context.Plan.Strategy == Strategy.Supplied
            || trail.MayHaveHappened(StepKinds.Issue, fresh.CreatedAt, context)
            || trail.MayHaveHappened(StepKinds.Apply, fresh.CreatedAt, context);
        if (happened && services.Providers.DescriptorOf(context.Binding!)!.OldEnds is not null)
        {
            return StepOutcome.Rejected(
                "A new credential was issued, or may have been, so the one in use ends by itself: taking the new one back would leave "
                    + "none. Start an emergency, which goes forward from here.");
        }

        if (!happened)
        {
            await services.Ledger.RecordRevokedAsync(context.Rotation.Id, fresh.Id, GivenUp.NeverMade, cancellationToken);
            await services.DiscardAsync(context, fresh.Value, cancellationToken);
            return StepOutcome.AlreadyDone((StepFacts.Detail, GivenUp.NeverMade));
        }

        if (await hold.BeforeEndAsync(context, cancellationToken) is { } held)
        {
            return held;
        }

        var problem = fresh.State == CredentialState.Minting
                && fresh.ProviderCredentialId is null ? await LostAsync(context, fresh, cancellationToken)
            : await SharerAsync(context, fresh, cancellationToken) is { } sharer
                ? StepOutcome.Rejected(
                    $"Credential #{sharer.Id}, which is in use, is on the same account: revoking the new one would lock it. Set its "
                        + "value there by hand.")
            : await revoker.SettleAsync(context, fresh, "taken back", cancellationToken);
        return problem ?? StepOutcome.Done(("id", fresh.ProviderCredentialId), ("fingerprint", fresh.Fingerprint));
    }

    private async Task<StepOutcome?> LostAsync(StepContext context, CredentialRecord fresh, CancellationToken cancellationToken)
    {
        var rotation = context.Rotation.Id;
        if (services.Providers.DescriptorOf(context.Binding!)!.RepeatsIssue)
        {
            await services.Ledger.RecordRevokedAsync(
                rotation,
                fresh.Id,
                "its value was shown to nobody, and the next one takes its place",
                cancellationToken);
            return null;
        }

        if (services.Ability<ILeaseCredentials>(context) is { } leasing)
        {
            await lost.RecordAsync(context, leasing, fresh, cancellationToken);
            return null;
        }

        if (services.Ability<IListCredentials>(context) is null)
        {
            await services.Ledger.RecordOrphanAsync(
                rotation,
                fresh.Id,
                StepServices.Note(fresh),
                services.UnknownOrphan(context, fresh),
                cancellationToken);
            return null;
        }

        if (await revoker.RevokeLostAsync(context, fresh, cancellationToken) is { } problem)
        {
            return problem;
        }

        await services.Ledger.RecordRevokedAsync(rotation, fresh.Id, "nothing of it is left at the provider", cancellationToken);
        return null;
    }

    private async Task<CredentialRecord?> SharerAsync(StepContext context, CredentialRecord fresh, CancellationToken cancellationToken)
    {
        if (context.Plan.Strategy is Strategy.Overlap or Strategy.Supplied or Strategy.Leased
            || RevokeSet.AccountOf(fresh) is not { } account)
        {
            return null;
        }

        var all = await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken);
        return all.LastOrDefault(c => c.Id != fresh.Id && c.State == CredentialState.Active && RevokeSet.AccountOf(c) == account);
    }
}
