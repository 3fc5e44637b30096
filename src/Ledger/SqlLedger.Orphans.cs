using Rotunda.Rotation.Words;

namespace Rotunda.Ledger;

/// <summary>Orphans: found at the provider, or left by a rotation, until a person settles them.</summary>
public abstract partial class SqlLedger
{
    public Task<IReadOnlyList<CredentialRecord>> ListOrphansAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<CredentialRecord>>(
            async session => await session.ListAsync(LedgerSql.ListOrphans, LedgerRows.Credential),
            cancellationToken);

    public Task<bool> RecordFoundAsync(
        string secret,
        CredentialHandleNote handle,
        DateTimeOffset? expiresAt,
        string note,
        CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                var known = await session.ListAsync(LedgerSql.ListCredentials, LedgerRows.Credential, ("@secret", secret));
                if (await SecretAsync(session, secret) is not { ActiveRotationId: null }
                    || known.Any(credential => credential.ProviderCredentialId == handle.ProviderCredentialId))
                {
                    return false;
                }

                var id = await AddCredentialAsync(session, new NewCredential(
                    secret,
                    null,
                    0,
                    CredentialState.Orphan,
                    handle.ProviderCredentialId,
                    handle.Account,
                    handle.Label,
                    null,
                    null,
                    note));
                await session.RunAsync(LedgerSql.SetExpiry, ("@id", id), ("@expires", Time(expiresAt)));
                await NotedAsync(session, null, id, AuditActions.CredentialOrphaned);
                return true;
            },
            cancellationToken);

    public Task<bool> SettleOrphanAsync(
        long credentialId,
        CredentialState state,
        string actor,
        string reason,
        CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                if (await session.FirstAsync(LedgerSql.GetCredential, LedgerRows.Credential, ("@id", credentialId))
                    is not { State: CredentialState.Orphan } orphan)
                {
                    return false;
                }

                var isRevoked = state == CredentialState.Revoked;
                await session.RunAsync(
                    LedgerSql.SetSettled,
                    ("@id", credentialId),
                    ("@state", LedgerWords.Of(state)),
                    ("@revokedAt", isRevoked ? Now() : LedgerValue.None),
                    ("@note", $"{(isRevoked ? "revoked" : "kept")} at the word of {actor}: {reason}"));
                await NotedAsync(
                    session,
                    null,
                    credentialId,
                    isRevoked ? AuditActions.CredentialRevoked : AuditActions.CredentialHandedOver);
                await AppendAsync(session, new AuditEntry(actor, AuditActions.OrphanSettled, orphan.Secret, null, null, reason));
                return true;
            },
            cancellationToken);
}
