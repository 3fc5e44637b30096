using System.Globalization;
using Microsoft.Data.Sqlite;
using Rotunda.Rotation.Credentials;

namespace Rotunda.Activities.Ledger;

public sealed partial class SqliteLedger
{
    public Task<IReadOnlyList<CredentialRecord>> ListCredentialsAsync(string secret, CancellationToken cancellationToken) =>
        _file.ReadAsync<IReadOnlyList<CredentialRecord>>(
            connection => connection.List(LedgerSql.ListCredentials, LedgerRows.Credential, ("$secret", secret)), cancellationToken);

    public Task<CredentialRecord> BeginMintAsync(string rotationId, string? account, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            connection =>
            {
                var rotation = Fenced(connection, rotationId).Record;
                if (connection.First(LedgerSql.OpenMint, LedgerRows.Credential, ("$rotation", rotationId)) is { } open)
                {
                    return open;
                }

                var id = AddCredential(connection, new NewCredential(
                    rotation.Secret, rotationId, rotation.Number, CredentialState.Minting, null, account, NextLabel(connection, rotation), null, null, null));
                return Noted(connection, rotationId, id, AuditActions.CredentialMinting);
            },
            cancellationToken);

    public Task<CredentialRecord> RecordIssuedAsync(long credentialId, string? providerCredentialId, string? account, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            connection =>
            {
                connection.Run(LedgerSql.SetIssued, ("$id", credentialId), ("$providerId", providerCredentialId), ("$account", account));
                return Noted(connection, null, credentialId, AuditActions.CredentialIssued);
            },
            cancellationToken);

    public Task<CredentialRecord> RecordMintedAsync(long credentialId, string? providerCredentialId, string? account, string fingerprint, SecretRef value, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            connection =>
            {
                var credential = Credential(connection, credentialId);
                if (credential.State != CredentialState.Minting)
                {
                    return credential.Value == value ? credential : throw new InvalidOperationException($"Credential {credentialId} is {LedgerWords.Of(credential.State)}, not being minted.");
                }

                connection.Run(
                    LedgerSql.SetMinted,
                    ("$id", credentialId), ("$providerId", providerCredentialId), ("$account", account), ("$fingerprint", fingerprint),
                    ("$store", value.Store), ("$storeName", value.Name), ("$storeVersion", value.Version));
                return Noted(connection, null, credentialId, AuditActions.CredentialMinted);
            },
            cancellationToken);

    public Task<CredentialRecord?> GetNewCredentialAsync(string rotationId, CancellationToken cancellationToken) =>
        _file.ReadAsync(connection => New(connection, rotationId), cancellationToken);

    public Task<CredentialRecord?> GetOldCredentialAsync(string rotationId, CancellationToken cancellationToken) =>
        _file.ReadAsync(connection => Old(connection, Rotation(connection, rotationId)), cancellationToken);

    public Task PromoteAsync(string rotationId, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            connection =>
            {
                var rotation = Fenced(connection, rotationId).Record;
                var fresh = New(connection, rotationId) ?? throw new InvalidOperationException($"Rotation '{rotationId}' has no new credential to promote.");
                if (fresh.State == CredentialState.Active)
                {
                    return;
                }

                if (fresh.State != CredentialState.Pending)
                {
                    throw new InvalidOperationException($"The new credential of rotation '{rotationId}' is {LedgerWords.Of(fresh.State)}: only a pending one is promoted.");
                }

                foreach (var active in connection.List(LedgerSql.OtherActive, LedgerRows.Credential, ("$secret", rotation.Secret), ("$id", fresh.Id)))
                {
                    SetState(connection, active.Id, CredentialState.Previous);
                }

                SetState(connection, fresh.Id, CredentialState.Active);
                connection.Run(LedgerSql.SetPromotedAt, ("$id", rotationId), ("$at", Now()));
                Noted(connection, rotationId, fresh.Id, AuditActions.CredentialPromoted);
            },
            cancellationToken);

    public Task UnpromoteAsync(string rotationId, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            connection =>
            {
                var row = Fenced(connection, rotationId);
                if (New(connection, rotationId) is not { State: CredentialState.Active } fresh)
                {
                    return;
                }

                var old = Old(connection, row);
                if (old is not null && old.State != CredentialState.Previous)
                {
                    throw new InvalidOperationException($"The old credential is {LedgerWords.Of(old.State)}: there is no way back, only a new rotation.");
                }

                if (old is not null)
                {
                    SetState(connection, old.Id, CredentialState.Active);
                }

                SetState(connection, fresh.Id, CredentialState.Pending);
                connection.Run(LedgerSql.SetPromotedAt, ("$id", rotationId), ("$at", null));
                Noted(connection, rotationId, fresh.Id, AuditActions.CredentialUnpromoted);
            },
            cancellationToken);

    public Task BeginRevokeAsync(string rotationId, IReadOnlyList<long> credentialIds, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            connection =>
            {
                Fenced(connection, rotationId);
                foreach (var id in credentialIds)
                {
                    if (Credential(connection, id).State is not (CredentialState.Revoking or CredentialState.Revoked))
                    {
                        SetState(connection, id, CredentialState.Revoking);
                        Noted(connection, rotationId, id, AuditActions.CredentialRevoking);
                    }
                }
            },
            cancellationToken);

    public Task RecordRevokedAsync(string rotationId, long credentialId, string note, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            connection =>
            {
                if (Credential(connection, credentialId).State != CredentialState.Revoked)
                {
                    connection.Run(LedgerSql.SetSettled, ("$id", credentialId), ("$state", LedgerWords.Of(CredentialState.Revoked)), ("$revokedAt", Now()), ("$note", note));
                    Noted(connection, rotationId, credentialId, AuditActions.CredentialRevoked);
                }
            },
            cancellationToken);

    public Task RecordOrphanAsync(string rotationId, long? credentialId, CredentialHandleNote handle, string note, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            connection =>
            {
                var rotation = Rotation(connection, rotationId).Record;
                if (credentialId is { } known)
                {
                    if (Credential(connection, known).State is CredentialState.Orphan or CredentialState.Revoked)
                    {
                        return;
                    }

                    connection.Run(LedgerSql.SetIssued, ("$id", known), ("$providerId", handle.ProviderCredentialId ?? Credential(connection, known).ProviderCredentialId), ("$account", handle.Account));
                    connection.Run(LedgerSql.SetSettled, ("$id", known), ("$state", LedgerWords.Of(CredentialState.Orphan)), ("$revokedAt", null), ("$note", note));
                    Noted(connection, rotationId, known, AuditActions.CredentialOrphaned);
                    return;
                }

                var same = connection.Scalar(
                    LedgerSql.OrphanLike,
                    ("$rotation", rotationId), ("$providerId", handle.ProviderCredentialId), ("$account", handle.Account), ("$label", handle.Label));
                if (same is null)
                {
                    var id = AddCredential(connection, new NewCredential(
                        rotation.Secret, rotationId, rotation.Number, CredentialState.Orphan, handle.ProviderCredentialId, handle.Account, handle.Label, null, null, note));
                    Noted(connection, rotationId, id, AuditActions.CredentialOrphaned);
                }
            },
            cancellationToken);

    public Task<CaptureRecord?> GetCaptureAsync(string rotationId, string target, CancellationToken cancellationToken) =>
        _file.ReadAsync(connection => connection.First(LedgerSql.GetCapture, LedgerRows.Capture, ("$rotation", rotationId), ("$target", target)), cancellationToken);

    public Task RecordCaptureAsync(CaptureRecord capture, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            connection =>
            {
                var rotation = Rotation(connection, capture.RotationId).Record;
                if (connection.First(LedgerSql.GetCapture, LedgerRows.Capture, ("$rotation", capture.RotationId), ("$target", capture.Target)) is not null)
                {
                    return;
                }

                connection.Run(
                    LedgerSql.AddCapture,
                    ("$rotation", capture.RotationId), ("$target", capture.Target), ("$store", capture.Value?.Store),
                    ("$storeName", capture.Value?.Name), ("$storeVersion", capture.Value?.Version));
                var detail = new Dictionary<string, string> { ["target"] = capture.Target, ["value"] = capture.Value?.ToString() ?? "nothing" };
                Append(connection, new AuditEntry(
                    AuditActions.System, AuditActions.TargetCaptured, rotation.Secret, rotation.Id, null, Json(detail, LedgerJson.Default.DictionaryStringString)));
            },
            cancellationToken);

    public Task<IReadOnlyList<CaptureRecord>> ListCapturesAsync(string rotationId, CancellationToken cancellationToken) =>
        _file.ReadAsync<IReadOnlyList<CaptureRecord>>(connection => connection.List(LedgerSql.ListCaptures, LedgerRows.Capture, ("$rotation", rotationId)), cancellationToken);

    private static CredentialRecord Credential(SqliteConnection connection, long id) =>
        connection.First(LedgerSql.GetCredential, LedgerRows.Credential, ("$id", id)) ?? throw new InvalidOperationException($"The ledger has no credential {id}.");

    private static CredentialRecord? New(SqliteConnection connection, string rotationId) =>
        connection.First(LedgerSql.NewCredential, LedgerRows.Credential, ("$rotation", rotationId));

    private static CredentialRecord? Old(SqliteConnection connection, RotationRow rotation) =>
        rotation.OldCredential is { } id ? Credential(connection, id) : null;

    private static void SetState(SqliteConnection connection, long id, CredentialState state) =>
        connection.Run(LedgerSql.SetCredentialState, ("$id", id), ("$state", LedgerWords.Of(state)));

    /// <summary>The plan's own label for the first value; later ones have their generation behind it, so that a lost one is told apart.</summary>
    private static string NextLabel(SqliteConnection connection, RotationRecord rotation)
    {
        var earlier = (long)connection.Scalar(LedgerSql.CountMints, ("$rotation", rotation.Id))!;
        return earlier == 0 ? rotation.Plan.Label : string.Create(CultureInfo.InvariantCulture, $"{rotation.Plan.Label}-g{earlier + 1}");
    }

    private long AddCredential(SqliteConnection connection, NewCredential credential) => (long)connection.Scalar(
        LedgerSql.AddCredential,
        ("$secret", credential.Secret), ("$rotation", credential.RotationId), ("$number", credential.Number), ("$state", LedgerWords.Of(credential.State)),
        ("$providerId", credential.ProviderCredentialId), ("$account", credential.Account), ("$label", credential.Label), ("$fingerprint", credential.Fingerprint),
        ("$store", credential.Value?.Store), ("$storeName", credential.Value?.Name), ("$storeVersion", credential.Value?.Version),
        ("$at", Now()), ("$note", credential.Note))!;

    /// <summary>Writes what became of the credential into the audit and gives it back as it is now.</summary>
    private CredentialRecord Noted(SqliteConnection connection, string? rotationId, long id, string action)
    {
        var credential = Credential(connection, id);
        var rotation = rotationId ?? (credential.RotationNumber > 0 ? $"{credential.Secret}-{credential.RotationNumber}" : null);
        Append(connection, new AuditEntry(AuditActions.System, action, credential.Secret, rotation, null, Describe(credential)));
        return credential;
    }

    private static string Describe(CredentialRecord credential) => Json(
        new CredentialDetail(
            credential.Id, credential.ProviderCredentialId, credential.Account, credential.Label, credential.Fingerprint, credential.Value?.ToString(), credential.Note),
        LedgerJson.Default.CredentialDetail);

    private sealed record NewCredential(
        string Secret, string? RotationId, int Number, CredentialState State, string? ProviderCredentialId, string? Account,
        string? Label, string? Fingerprint, SecretRef? Value, string? Note);
}
