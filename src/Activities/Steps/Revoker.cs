using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Makes credentials stop working and settles them in the ledger: revoked where the provider did it, an orphan where
/// only a person can.</summary>
internal sealed class Revoker(StepServices services)
{
    /// <summary>How much the clocks there and here may differ.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>How often the revoke of a lease is tried before it is left to its end.</summary>
    private const int LeaseAttempts = 3;

    /// <summary>Revokes one credential whose value is of no use. Null once it is settled.</summary>
    public async Task<StepOutcome?> SettleAsync(
        StepContext context,
        CredentialRecord credential,
        string why,
        CancellationToken cancellationToken)
    {
        var rotation = context.Rotation.Id;
        if (services.Ability<IRevokeByValue>(context) is { } shown && credential.Value is not null)
        {
            return await SettleByValueAsync(context, shown, credential, why, cancellationToken);
        }

        if (services.Ability<IRevokeCredentials>(context) is not { } revoking || IsUnknown(context, credential))
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
                $"{why}; '{context.Binding?.Type}' cannot revoke{(IsUnknown(context, credential) ? " it, as nothing tells its id" : "")}: "
                    + "to be revoked by hand",
                cancellationToken);
            return null;
        }

        await services.Ledger.BeginRevokeAsync(rotation, [credential.Id], cancellationToken);
        var outcome = await services.Outside.RunAsync(
            context,
            () => revoking.RevokeAsync(context.Call!, StepServices.Handle(credential), cancellationToken));
        if (!outcome.Succeeded && LeftToItsEnd(context, credential))
        {
            await services.Ledger.RecordOrphanAsync(
                rotation,
                credential.Id,
                StepServices.Note(credential),
                $"{why}, but its revoke did not succeed ({outcome.Reason}): nobody renews it, and it ends by itself at "
                    + $"{LeaseCourse.DeadBy(credential):u} at the latest; then it is closed here",
                CancellationToken.None);
            return null;
        }

        if (!outcome.Succeeded)
        {
            return outcome;
        }

        await services.Ledger.RecordRevokedAsync(rotation, credential.Id, why, cancellationToken);
        await services.DiscardAsync(context, credential.Value, cancellationToken);
        return null;
    }

    /// <summary>A lease that nobody renews ends by itself: a rotation does not wait for a system that does not answer, as the next one
    /// could not begin meanwhile. An emergency waits: there, when it ends is what matters.</summary>
    private static bool LeftToItsEnd(StepContext context, CredentialRecord credential) =>
        credential is { Lease: not null, ExpiresAt: not null }
        && context.Input.Attempt >= LeaseAttempts
        && context.Plan.Trigger != RotationTrigger.Emergency;

    /// <summary>A person gave its value, and nothing tells which of those at the provider it is.</summary>
    private static bool IsUnknown(StepContext context, CredentialRecord credential) =>
        (context.Plan.SecretStrategy ?? context.Plan.Strategy) == Strategy.Supplied && credential.ProviderCredentialId is null;

    /// <summary>Shows the value to a system that ends what it is shown.</summary>
    private async Task<StepOutcome?> SettleByValueAsync(
        StepContext context,
        IRevokeByValue revoking,
        CredentialRecord credential,
        string why,
        CancellationToken cancellationToken)
    {
        if (await services.TryReadAsync(context, credential.Value, cancellationToken) is not { } read)
        {
            await services.Ledger.RecordOrphanAsync(
                context.Rotation.Id,
                credential.Id,
                StepServices.Note(credential),
                $"{why}; its value is not in the store any more, so it cannot be revoked: to be revoked by hand",
                cancellationToken);
            return null;
        }

        using var value = read;
        await services.Ledger.BeginRevokeAsync(context.Rotation.Id, [credential.Id], cancellationToken);
        var outcome = await services.Outside.RunAsync(
            context,
            () => revoking.RevokeAsync(context.Call!, StepServices.Handle(credential), value, cancellationToken));
        if (!outcome.Succeeded)
        {
            return outcome;
        }

        await services.Ledger.RecordRevokedAsync(context.Rotation.Id, credential.Id, why, cancellationToken);
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

        var listed = await services.Outside.RunAsync(context, () => lister.ListAsync(context.Call!, cancellationToken));
        var all = await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken);
        var descriptor = services.Providers.DescriptorOf(context.Binding!)!;
        var found = false;
        foreach (var lost in listed.Where(lost => descriptor.Labels.IsOf(minting.Label!, lost.Handle.Label)))
        {
            if (all.Any(other => other.Id != minting.Id && other.ProviderCredentialId == lost.Handle.Id))
            {
                continue;
            }

            if (lost.CreatedAt < minting.CreatedAt - ClockSkew)
            {
                await services.Ledger.RecordOrphanAsync(
                    context.Rotation.Id,
                    null,
                    new(lost.Handle.Id, lost.Handle.Account, lost.Handle.Label),
                    $"has the label of this rotation, but was made before it (at {lost.CreatedAt:u}), by another one of a ledger that was "
                        + "restored perhaps: find out who uses it, and revoke it by hand",
                    cancellationToken);
                continue;
            }

            found = true;
            var recorded = await services.Ledger.RecordIssuedAsync(
                minting.Id,
                lost.Handle.Id,
                lost.Handle.Account,
                lost.ExpiresAt,
                cancellationToken);
            if (await SettleAsync(context, recorded, "minted by an attempt whose answer was lost", cancellationToken) is { } problem)
            {
                return problem;
            }
        }

        return found ? null : await TooEarlyAsync(context, minting, descriptor, cancellationToken);
    }

    /// <summary>Nothing was found: null if that tells that there is nothing.</summary>
    private async Task<StepOutcome?> TooEarlyAsync(
        StepContext context,
        CredentialRecord minting,
        ProviderDescriptor descriptor,
        CancellationToken cancellationToken)
    {
        if (descriptor.ListsAfter == TimeSpan.Zero)
        {
            return null;
        }

        var rotation = $"{minting.Secret}-{minting.RotationNumber}";
        var trail = await StepTrail.ReadAsync(services.Ledger, rotation, cancellationToken);
        var wait = trail.OverAt(StepKinds.Issue, minting.CreatedAt, context) + descriptor.ListsAfter - services.Time.GetUtcNow();
        return wait > TimeSpan.Zero
            ? StepOutcome.RetryLater(
                $"Nothing labelled '{minting.Label}' is listed, but {descriptor.Id} may list what was made only "
                    + $"{DurationText.Format(descriptor.ListsAfter)} later: it is looked for again.",
                wait)
            : null;
    }

    /// <summary>Which credentials a revoke in this step's place settles, and how.</summary>
    public IReadOnlyList<(CredentialRecord Credential, Settlement How)> SetOf(
        StepContext context,
        IReadOnlyList<CredentialRecord> all,
        CredentialRecord? fresh) =>
        RevokeSet.Of(all, fresh, context, new RevokeAbilities(
            services.Ability<IRevokeCredentials>(context) is not null, services.Ability<IListCredentials>(context) is not null,
            services.Ability<IIssueCredentials>(context) is not null, GeneratesOnly(context))
        {
            Repeats = context.Binding is { } binding && services.Providers.DescriptorOf(binding)?.RepeatsIssue == true,
            RevokesByValue = services.Ability<IRevokeByValue>(context) is not null,
        });

    /// <summary>What to say of several; Rejected would say that nothing happened.</summary>
    /// <param name="done">"revoked", where some are; null where none is.</param>
    public static StepOutcome Worst(List<StepOutcome> problems, string? done)
    {
        var worst = problems.Find(problem => problem.Kind is StepOutcomeKind.Rejected or StepOutcomeKind.Unknown) ?? problems[0];
        return worst.Kind == StepOutcomeKind.Rejected && done is not null
            ? StepOutcome.Unknown($"Some credentials are {done}, but not all: {worst.Reason}") : worst;
    }

    /// <summary>True where values are made here and no system has to be told.</summary>
    public bool GeneratesOnly(StepContext context) =>
        context.Binding is { } binding && services.Providers.AbilitiesOf(binding) is { } abilities
        && (abilities & (Abilities.GenerateValues | Abilities.IssueCredentials | Abilities.ApplyValues)) == Abilities.GenerateValues;
}
