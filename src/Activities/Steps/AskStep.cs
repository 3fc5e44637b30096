using Rotunda.Activities.Listing;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// Looks whether a person has given a value, and tries it at its system. One that is refused never leaves the store: it is put on record
/// as of no use, and another is waited for.
/// </summary>
internal sealed class AskStep(StepServices services, Revoker revoker, GivenValues others) : IStep
{
    private static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(10);

    public string Kind => StepKinds.Ask;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        var known = await services.Ledger.GetNewCredentialAsync(context.Rotation.Id, cancellationToken);
        if (known is { State: CredentialState.Minting })
        {
            known = await FindAsync(context, cancellationToken);
        }

        if (known is { State: CredentialState.Active })
        {
            return StepOutcome.AlreadyDone(("fingerprint", known.Fingerprint));
        }

        if (known is not { State: CredentialState.Pending, Value: { } stored })
        {
            return StepOutcome.RetryLater("No value has been given yet.");
        }

        var outcome = await TryAsync(context, known, stored, cancellationToken);
        if (outcome.Succeeded)
        {
            await others.SettleAsync(context, cancellationToken);
        }

        return outcome;
    }

    /// <summary>Stored, and the process died before that was on record: the newest of those that were given.</summary>
    private async Task<CredentialRecord?> FindAsync(StepContext context, CancellationToken cancellationToken)
    {
        foreach (var minting in await services.Ledger.ListMintsAsync(context.Rotation.Id, cancellationToken))
        {
            if (await services.StoreOf(context).FindAsync(context.Secret.Name, minting.Label!, cancellationToken) is { } stored)
            {
                using var value = await services.ReadAsync(context, stored, cancellationToken);
                return await services.Ledger.RecordMintedAsync(
                    minting.Id, null, minting.Account, Fingerprint.Of(value, context.Secret.Salt), stored, cancellationToken);
            }
        }

        return null;
    }

    private async Task<StepOutcome> TryAsync(
        StepContext context, CredentialRecord given, SecretRef stored, CancellationToken cancellationToken)
    {
        using var value = await services.ReadAsync(context, stored, cancellationToken);
        if (await IsInUseAsync(context, given, cancellationToken))
        {
            return await RefuseAsync(context, given, "it is the value that is in use already", cancellationToken);
        }

        if (services.Ability<IVerifyCredentials>(context) is not { } verifier)
        {
            return Accepted(given, "not tried: its system offers no way");
        }

        var descriptor = services.Providers.DescriptorOf(context.Binding!)!;
        var verification = new Verification(Validity.Valid);
        for (var asked = 0; verification.Validity == Validity.Valid && asked < descriptor.Verifications; asked++)
        {
            verification = await services.Outside.RunAsync(
                context, () => verifier.VerifyAsync(context.Call!, StepServices.Handle(given), value, cancellationToken));
        }

        var early = given.CreatedAt + descriptor.WorksAfter - services.Time.GetUtcNow();
        return verification.Validity switch
        {
            Validity.Valid => Accepted(await IdentifiedAsync(context, given, value, cancellationToken), verification.Detail),
            Validity.Invalid when verification.Authenticates => await LackingAsync(context, given, verification, cancellationToken),
            Validity.Invalid when early > TimeSpan.Zero => Later(
                $"The value is refused, but {descriptor.Id} may know it everywhere only {DurationText.Format(descriptor.WorksAfter)} after "
                    + "it was made: it is tried again.",
                early / 2 > LeastWait ? early / 2 : LeastWait),
            Validity.Invalid => await RefuseAsync(
                context, given, $"{descriptor.Id} refuses it: {verification.Detail ?? "no reason was given"}", cancellationToken),
            _ => Later(
                $"A value was given, and {descriptor.Id} could not be asked whether it works: "
                    + $"{verification.Detail ?? "no answer that tells."}",
                verification.RetryAfter),
        };
    }

    private static StepOutcome Accepted(CredentialRecord given, string? detail) => StepOutcome.Done(
        ("id", given.ProviderCredentialId), ("fingerprint", given.Fingerprint), ("value", given.Value?.ToString()), ("detail", detail));

    private static StepOutcome Later(string reason, TimeSpan? after) => StepOutcome.RetryLater(reason, after) with
    {
        Facts = new Dictionary<string, string>(StringComparer.Ordinal) { [StepFacts.Given] = "true" },
    };

    private async Task<bool> IsInUseAsync(StepContext context, CredentialRecord given, CancellationToken cancellationToken) =>
        await services.Ledger.GetOldCredentialAsync(context.Rotation.Id, cancellationToken) is { Fingerprint: { } old }
        && old == given.Fingerprint;

    /// <summary>Its id, where the system lists its credentials and shows enough of their values to tell.</summary>
    private async Task<CredentialRecord> IdentifiedAsync(
        StepContext context, CredentialRecord given, SecretValue value, CancellationToken cancellationToken)
    {
        if (given.ProviderCredentialId is not null || services.Ability<IListCredentials>(context) is not { } lister)
        {
            return given;
        }

        var all = await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken);
        var listed = await services.Outside.RunAsync(context, () => lister.ListAsync(context.Call!, cancellationToken));
        var found = CurrentFinder.ByValue(
            listed.Where(one => !all.Any(other => other.Id != given.Id && other.ProviderCredentialId == one.Handle.Id)), value);
        return found is null
            ? given
            : await services.Ledger.RecordIssuedAsync(given.Id, found.Handle.Id, found.Handle.Account, found.ExpiresAt, cancellationToken);
    }

    /// <summary>It works, and cannot do what it has to: it is live, so it does not just go.</summary>
    private async Task<StepOutcome> LackingAsync(
        StepContext context, CredentialRecord given, Verification verification, CancellationToken cancellationToken)
    {
        using var value = await services.ReadAsync(context, given.Value!, cancellationToken);
        var known = await IdentifiedAsync(context, given, value, cancellationToken);
        return await revoker.SettleAsync(context, known, "given, but it cannot do what it has to", cancellationToken)
            ?? Refused($"it works, but cannot do what it has to: {verification.Detail}");
    }

    private async Task<StepOutcome> RefuseAsync(
        StepContext context, CredentialRecord given, string why, CancellationToken cancellationToken)
    {
        await services.Ledger.RecordRevokedAsync(
            context.Rotation.Id, given.Id, $"{GivenUp.NotTaken}of no use: {why}", cancellationToken);
        await services.DiscardAsync(context, given.Value, cancellationToken);
        return Refused(why);
    }

    private static StepOutcome Refused(string why) =>
        StepOutcome.RetryLater($"The value that was given does not do: {why.TrimEnd('.')}. It was delivered nowhere. Give another.") with
        {
            Facts = new Dictionary<string, string>(StringComparer.Ordinal) { [StepFacts.Refusal] = why },
        };
}
