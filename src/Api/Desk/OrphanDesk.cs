using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>How an orphan is settled.</summary>
public enum SettleKind
{
    /// <summary>Rotunda revokes it at its provider.</summary>
    Revoke,
    /// <summary>A person has revoked it.</summary>
    Revoked,
    /// <summary>Somebody uses it: it stays, and is Rotunda's business no more.</summary>
    Kept,
}

public enum SettledKind
{
    Settled,
    /// <summary>There is no such orphan.</summary>
    Unknown,
    /// <summary>Nothing was changed; the message says why.</summary>
    Refused,
}

/// <param name="Message">For people.</param>
public sealed record SettledOutcome(SettledKind Kind, string Message);

/// <summary>What exists, or may exist, and no code can settle: listed, and settled at the word of a person.</summary>
public sealed class OrphanDesk(
    ICatalogSource catalog,
    ILedger ledger,
    ProviderRegistry providers,
    IReferenceResolver references,
    TimeProvider time)
{
    public Task<IReadOnlyList<CredentialRecord>> ListAsync(CancellationToken cancellationToken) =>
        ledger.ListOrphansAsync(cancellationToken);

    /// <summary>The provider that an orphan of the secret is at; null if neither the catalog nor the ledger tells it any more.</summary>
    public async Task<ProviderBinding?> ProviderOfAsync(string secret, CancellationToken cancellationToken) =>
        catalog.Current?.Policies.GetValueOrDefault(secret)?.Provider
            ?? KeptPolicy.Of(await ledger.GetPolicyAsync(secret, cancellationToken))?.Policy.Provider;

    /// <summary>True if Rotunda can revoke it.</summary>
    public bool CanRevoke(CredentialRecord orphan, ProviderBinding? provider) =>
        orphan.ProviderCredentialId is not null && provider is not null && providers.Ability<IRevokeCredentials>(provider) is not null;

    public async Task<SettledOutcome> SettleAsync(
        long id,
        SettleKind how,
        string actor,
        string reason,
        CancellationToken cancellationToken)
    {
        if ((await ledger.ListOrphansAsync(cancellationToken)).FirstOrDefault(one => one.Id == id) is not { } orphan)
        {
            return new(SettledKind.Unknown, $"There is no orphan #{id}.");
        }

        if (how == SettleKind.Revoke && await RevokeAsync(orphan, actor, reason, cancellationToken) is { } problem)
        {
            return new(SettledKind.Refused, problem);
        }

        var state = how == SettleKind.Kept ? CredentialState.HandedOver : CredentialState.Revoked;
        return await ledger.SettleOrphanAsync(id, state, actor, reason, cancellationToken)
            ? new(SettledKind.Settled, how switch
            {
                SettleKind.Kept => "It stays as it is, on record.",
                SettleKind.Revoke => "It is revoked.",
                _ => "It counts as revoked, on record.",
            })
            : new(SettledKind.Unknown, $"Orphan #{id} is settled already.");
    }

    /// <summary>Null once it is revoked.</summary>
    private async Task<string?> RevokeAsync(CredentialRecord orphan, string actor, string reason, CancellationToken cancellationToken)
    {
        var provider = await ProviderOfAsync(orphan.Secret, cancellationToken);
        if (!CanRevoke(orphan, provider))
        {
            return orphan.ProviderCredentialId is null
                ? "Nothing tells its id at the provider. Revoke it there by hand, then say so: --revoked."
                : "Its provider cannot revoke, or is not known any more. Revoke it there by hand, then say so: --revoked.";
        }

        if (await UserAsync(orphan, provider!, cancellationToken) is { } user)
        {
            return $"'{user}' uses the same credential ({orphan.ProviderCredentialId}): it is not revoked. Say that it stays: --kept.";
        }

        await ledger.AuditAsync(
            new AuditEntry(actor, AuditActions.OrphanRevoking, orphan.Secret, null, null, $"#{orphan.Id}: {reason}"), cancellationToken);
        using var scope = new SecretScope();
        var settings = new ProviderSettings(provider!.Settings, new ScopedReferences(references, scope));
        var number = (await ledger.GetSecretAsync(orphan.Secret, cancellationToken))?.LastNumber ?? 0;
        var call = new ProviderCall(settings, orphan.Secret, $"{orphan.Secret}-{number}", number, 1, time) { Step = "settle" };
        var handle = new CredentialHandle(orphan.ProviderCredentialId, orphan.Account, orphan.Label);
        try
        {
            var outcome = await providers.Ability<IRevokeCredentials>(provider)!.RevokeAsync(call, handle, cancellationToken);
            return outcome.Succeeded ? null : scope.Redact(outcome.Reason ?? outcome.Kind.ToString());
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            return scope.Redact(problem.Message);
        }
    }

    /// <summary>The secret of which the same credential is live; null if there is none.</summary>
    private async Task<string?> UserAsync(CredentialRecord orphan, ProviderBinding provider, CancellationToken cancellationToken)
    {
        foreach (var secret in await ledger.ListSecretsAsync(cancellationToken))
        {
            var isSame = (await ProviderOfAsync(secret.Name, cancellationToken))?.Type == provider.Type;
            if (isSame && (await ledger.ListCredentialsAsync(secret.Name, cancellationToken)).Any(c =>
                c.MayBeLive && c.State != CredentialState.Orphan && c.ProviderCredentialId == orphan.ProviderCredentialId))
            {
                return secret.Name;
            }
        }

        return null;
    }
}
