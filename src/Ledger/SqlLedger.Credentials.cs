using Rotunda.Rotation.Words;

namespace Rotunda.Ledger;

public abstract partial class SqlLedger
{
    public Task<IReadOnlyList<CredentialRecord>> ListCredentialsAsync(string secret, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<CredentialRecord>>(
            async session => await session.ListAsync(LedgerSql.ListCredentials, LedgerRows.Credential, ("@secret", secret)),
            cancellationToken);

    public Task<CredentialRecord> BeginMintAsync(string rotationId, string? account, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                var rotation = (await FencedAsync(session, rotationId)).Record;
                return await session.FirstAsync(LedgerSql.OpenMint, LedgerRows.Credential, ("@rotation", rotationId))
                    ?? await BeginAsync(session, rotation, account, fingerprint: null);
            },
            cancellationToken);

    public Task<CredentialRecord> BeginGivenAsync(string rotationId, string fingerprint, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                var rotation = (await FencedAsync(session, rotationId)).Record;
                return (await MintsAsync(session, rotationId)).FirstOrDefault(open => open.Fingerprint == fingerprint)
                    ?? await BeginAsync(session, rotation, account: null, fingerprint);
            },
            cancellationToken);

    public Task<IReadOnlyList<CredentialRecord>> ListMintsAsync(string rotationId, CancellationToken cancellationToken) =>
        ReadAsync(session => MintsAsync(session, rotationId), cancellationToken);

    public Task<CredentialRecord> RecordIssuedAsync(
        long credentialId,
        string? providerCredentialId,
        string? account,
        DateTimeOffset? expiresAt,
        CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                await session.RunAsync(
                    LedgerSql.SetIssued,
                    ("@id", credentialId),
                    ("@providerId", providerCredentialId),
                    ("@account", account),
                    ("@expires", Time(expiresAt)));
                return await NotedAsync(session, null, credentialId, AuditActions.CredentialIssued);
            },
            cancellationToken);

    public Task<CredentialRecord> RecordMintedAsync(
        long credentialId,
        string? providerCredentialId,
        string? account,
        string fingerprint,
        SecretRef value,
        CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                var credential = await CredentialAsync(session, credentialId);
                if (credential.State != CredentialState.Minting)
                {
                    return credential.Value == value
                        ? credential
                        : throw new InvalidOperationException(
                            $"Credential {credentialId} is {LedgerWords.Of(credential.State)}, not being minted.");
                }

                if (credential.Fingerprint is not null && await TakenBesideAsync(session, credential) is { } other)
                {
                    throw new InvalidOperationException(
                        $"Credential {credentialId} was given beside credential {other.Id}, which was taken first.");
                }

                await session.RunAsync(
                    LedgerSql.SetMinted,
                    ("@id", credentialId), ("@providerId", providerCredentialId), ("@account", account), ("@fingerprint", fingerprint),
                    ("@store", value.Store), ("@storeName", value.Name), ("@storeVersion", value.Version));
                return await NotedAsync(session, null, credentialId, AuditActions.CredentialMinted);
            },
            cancellationToken);

    public Task<CredentialRecord?> GetNewCredentialAsync(string rotationId, CancellationToken cancellationToken) =>
        ReadAsync(session => NewAsync(session, rotationId), cancellationToken);

    public Task<CredentialRecord?> GetOldCredentialAsync(string rotationId, CancellationToken cancellationToken) =>
        ReadAsync(async session => await OldAsync(session, await RotationAsync(session, rotationId)), cancellationToken);

    public Task PromoteAsync(string rotationId, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                var rotation = (await FencedAsync(session, rotationId)).Record;
                var fresh = await NewAsync(session, rotationId)
                    ?? throw new InvalidOperationException($"Rotation '{rotationId}' has no new credential to promote.");
                if (fresh.State == CredentialState.Active)
                {
                    return;
                }

                if (fresh.State != CredentialState.Pending)
                {
                    throw new InvalidOperationException(
                        $"The new credential of rotation '{rotationId}' is {LedgerWords.Of(fresh.State)}: only a pending one is promoted.");
                }

                foreach (var active in await session.ListAsync(
                    LedgerSql.OtherActive,
                    LedgerRows.Credential,
                    ("@secret", rotation.Secret),
                    ("@id", fresh.Id)))
                {
                    await SetStateAsync(session, active.Id, CredentialState.Previous);
                }

                await SetStateAsync(session, fresh.Id, CredentialState.Active);
                await session.RunAsync(LedgerSql.SetPromotedAt, ("@id", rotationId), ("@at", Now()));
                await NotedAsync(session, rotationId, fresh.Id, AuditActions.CredentialPromoted);
            },
            cancellationToken);

    public Task UnpromoteAsync(string rotationId, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                var row = await FencedAsync(session, rotationId);
                if (await NewAsync(session, rotationId) is not { State: CredentialState.Active } fresh)
                {
                    return;
                }

                var old = await OldAsync(session, row);
                if (old is not null && old.State != CredentialState.Previous)
                {
                    throw new InvalidOperationException(
                        $"The old credential is {LedgerWords.Of(old.State)}: there is no way back, only a new rotation.");
                }

                if (old is not null)
                {
                    await SetStateAsync(session, old.Id, CredentialState.Active);
                }

                await SetStateAsync(session, fresh.Id, CredentialState.Pending);
                await session.RunAsync(LedgerSql.SetPromotedAt, ("@id", rotationId), ("@at", LedgerValue.None));
                await NotedAsync(session, rotationId, fresh.Id, AuditActions.CredentialUnpromoted);
            },
            cancellationToken);

    private static async Task<CredentialRecord> CredentialAsync(LedgerSession session, long id) =>
        await session.FirstAsync(LedgerSql.GetCredential, LedgerRows.Credential, ("@id", id))
            ?? throw new InvalidOperationException($"The ledger has no credential {id}.");

    private static Task<CredentialRecord?> NewAsync(LedgerSession session, string rotationId) =>
        session.FirstAsync(LedgerSql.NewCredential, LedgerRows.Credential, ("@rotation", rotationId));

    private static async Task<CredentialRecord?> OldAsync(LedgerSession session, RotationRow rotation) =>
        rotation.OldCredential is { } id ? await CredentialAsync(session, id) : null;

    private static Task<int> SetStateAsync(LedgerSession session, long id, CredentialState state) =>
        session.RunAsync(LedgerSql.SetCredentialState, ("@id", id), ("@state", LedgerWords.Of(state)));

    /// <summary>The intents that are open, newest first.</summary>
    private static async Task<IReadOnlyList<CredentialRecord>> MintsAsync(LedgerSession session, string rotationId) =>
        await session.ListAsync(LedgerSql.OpenMints, LedgerRows.Credential, ("@rotation", rotationId));

    private async Task<CredentialRecord> BeginAsync(
        LedgerSession session, RotationRecord rotation, string? account, string? fingerprint)
    {
        var label = await NextLabelAsync(session, rotation);
        var id = await AddCredentialAsync(session, new NewCredential(
            rotation.Secret, rotation.Id, rotation.Number, CredentialState.Minting, null, account, label, fingerprint, null, null));
        return await NotedAsync(session, rotation.Id, id, AuditActions.CredentialMinting);
    }

    /// <summary>The value that the same rotation has taken already, if there is one: it takes one at a time.</summary>
    private static async Task<CredentialRecord?> TakenBesideAsync(LedgerSession session, CredentialRecord credential)
    {
        var rotation = (string?)await session.ScalarAsync(
            LedgerSql.RotationIdOf, ("@secret", credential.Secret), ("@number", credential.RotationNumber));
        return rotation is not null
            && await NewAsync(session, rotation) is { State: not CredentialState.Minting } taken
            && taken.Id != credential.Id ? taken : null;
    }

    private static async Task<string> NextLabelAsync(LedgerSession session, RotationRecord rotation)
    {
        var secret = await session.FirstAsync(LedgerSql.GetSecret, LedgerRows.Secret, ("@name", rotation.Secret));
        var earlier = (long)(await session.ScalarAsync(LedgerSql.CountMints, ("@rotation", rotation.Id)))!;
        return OwnLabel.Of(rotation.Plan.Label, secret!.Salt, earlier + 1);
    }

    private async Task<long> AddCredentialAsync(LedgerSession session, NewCredential credential) => (long)(await session.ScalarAsync(
        LedgerSql.AddCredential,
        ("@secret", credential.Secret),
        ("@rotation", credential.RotationId),
        ("@number", credential.Number),
        ("@state", LedgerWords.Of(credential.State)),
        ("@providerId", credential.ProviderCredentialId),
        ("@account", credential.Account),
        ("@label", credential.Label),
        ("@fingerprint", credential.Fingerprint),
        ("@store", credential.Value?.Store), ("@storeName", credential.Value?.Name), ("@storeVersion", credential.Value?.Version),
        ("@at", Now()), ("@note", credential.Note)))!;

    /// <summary>Writes what became of the credential into the audit and gives it back as it is now.</summary>
    private async Task<CredentialRecord> NotedAsync(LedgerSession session, string? rotationId, long id, string action)
    {
        var credential = await CredentialAsync(session, id);
        var rotation = rotationId
            ?? (credential.RotationNumber == 0
                ? null
                : await session.ScalarAsync(
                    LedgerSql.RotationIdOf, ("@secret", credential.Secret), ("@number", credential.RotationNumber)) as string);
        await AppendAsync(session, new AuditEntry(AuditActions.System, action, credential.Secret, rotation, null, Describe(credential)));
        return credential;
    }

    private static string Describe(CredentialRecord credential) => Json(
        new CredentialDetail(
            credential.Id,
            credential.ProviderCredentialId,
            credential.Account,
            credential.Label,
            credential.Fingerprint,
            credential.Value?.ToString(),
            credential.Note,
            credential.ExpiresAt),
        LedgerJson.Default.CredentialDetail);

    private sealed record NewCredential(
        string Secret, string? RotationId, int Number, CredentialState State, string? ProviderCredentialId, string? Account,
        string? Label, string? Fingerprint, SecretRef? Value, string? Note);
}
