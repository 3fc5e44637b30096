namespace Rotunda.Ledger;

public abstract partial class SqlLedger
{
    public Task RecordDiscardedAsync(IReadOnlyCollection<long> credentialIds, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                foreach (var id in credentialIds)
                {
                    await session.RunAsync(LedgerSql.SetDiscarded, ("@id", id), ("@at", Now()));
                }
            },
            cancellationToken);

    public Task RecordDisabledAsync(string rotationId, long credentialId, bool disabled, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                if (disabled)
                {
                    await FencedAsync(session, rotationId);
                }

                if ((await CredentialAsync(session, credentialId)).DisabledAt is not null != disabled)
                {
                    await session.RunAsync(LedgerSql.SetDisabled, ("@id", credentialId), ("@at", disabled ? Now() : LedgerValue.None));
                    await NotedAsync(
                        session,
                        rotationId,
                        credentialId,
                        disabled ? AuditActions.CredentialDisabled : AuditActions.CredentialEnabled);
                }
            },
            cancellationToken);

    public Task RecordExpiryAsync(long credentialId, DateTimeOffset? expiresAt, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                var known = (await CredentialAsync(session, credentialId)).ExpiresAt;
                if (known is null ? expiresAt is not null : expiresAt is null || Written(known.Value) != Written(expiresAt.Value))
                {
                    await session.RunAsync(LedgerSql.SetExpiry, ("@id", credentialId), ("@expires", Time(expiresAt)));
                    await NotedAsync(session, null, credentialId, AuditActions.CredentialExpiry);
                }
            },
            cancellationToken);

    /// <summary>As exact as a row has it.</summary>
    private static string Written(DateTimeOffset at) => LedgerWords.Of(at);

    private static LedgerValue Time(DateTimeOffset? at) => at is { } moment ? LedgerWords.Of(moment) : LedgerValue.None;
}
