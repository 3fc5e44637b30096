using Rotunda.Rotation.Words;

namespace Rotunda.Ledger;

public abstract partial class SqlLedger
{
    public Task BeginRevokeAsync(string rotationId, IReadOnlyList<long> credentialIds, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                await FencedAsync(session, rotationId);
                foreach (var id in credentialIds)
                {
                    if ((await CredentialAsync(session, id)).State is not (CredentialState.Revoking or CredentialState.Revoked))
                    {
                        await SetStateAsync(session, id, CredentialState.Revoking);
                        await NotedAsync(session, rotationId, id, AuditActions.CredentialRevoking);
                    }
                }
            },
            cancellationToken);

    public Task RecordRevokedAsync(string? rotationId, long credentialId, string note, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                if ((await CredentialAsync(session, credentialId)).State != CredentialState.Revoked)
                {
                    await session.RunAsync(
                        LedgerSql.SetSettled,
                        ("@id", credentialId),
                        ("@state", LedgerWords.Of(CredentialState.Revoked)),
                        ("@revokedAt", Now()),
                        ("@note", note));
                    await NotedAsync(session, rotationId, credentialId, AuditActions.CredentialRevoked);
                }
            },
            cancellationToken);

    public Task RecordOrphanAsync(
        string rotationId,
        long? credentialId,
        CredentialHandleNote handle,
        string note,
        CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                var rotation = (await RotationAsync(session, rotationId)).Record;
                if (credentialId is { } known)
                {
                    if ((await CredentialAsync(session, known)).State is CredentialState.Orphan or CredentialState.Revoked)
                    {
                        return;
                    }

                    await session.RunAsync(
                        LedgerSql.SetIssued,
                        ("@id", known),
                        ("@providerId", handle.ProviderCredentialId ?? (await CredentialAsync(session, known)).ProviderCredentialId),
                        ("@account", handle.Account),
                        ("@expires", LedgerValue.None));
                    await session.RunAsync(
                        LedgerSql.SetSettled,
                        ("@id", known),
                        ("@state", LedgerWords.Of(CredentialState.Orphan)),
                        ("@revokedAt", LedgerValue.None),
                        ("@note", note));
                    await NotedAsync(session, rotationId, known, AuditActions.CredentialOrphaned);
                    return;
                }

                var same = await session.ScalarAsync(
                    LedgerSql.OrphanLike,
                    ("@rotation", rotationId),
                    ("@providerId", handle.ProviderCredentialId),
                    ("@account", handle.Account),
                    ("@label", handle.Label));
                if (same is null)
                {
                    var id = await AddCredentialAsync(session, new NewCredential(
                        rotation.Secret,
                        rotationId,
                        rotation.Number,
                        CredentialState.Orphan,
                        handle.ProviderCredentialId,
                        handle.Account,
                        handle.Label,
                        null,
                        null,
                        note));
                    await NotedAsync(session, rotationId, id, AuditActions.CredentialOrphaned);
                }
            },
            cancellationToken);
}
