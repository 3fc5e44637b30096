using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Rotunda.Rotation.Credentials;
using Rotunda.Rotation.Planning;

namespace Rotunda.Activities.Ledger;

public sealed partial class SqliteLedger
{
    private const int SaltBytes = 16;

    public Task<(SecretRecord Secret, bool IsNew)> AdoptAsync(AdoptSecret adopt, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            connection =>
            {
                if (Secret(connection, adopt.Name) is { } known)
                {
                    return (known, false);
                }

                var salt = adopt.Current?.Salt ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SaltBytes));
                connection.Run(LedgerSql.AddSecret, ("$name", adopt.Name), ("$salt", salt), ("$at", Now()));
                Append(connection, new AuditEntry(adopt.Actor, AuditActions.SecretAdopted, adopt.Name, null, null, AddAdopted(connection, adopt)));
                return (Secret(connection, adopt.Name)!, true);
            },
            cancellationToken);

    public Task<SecretRecord?> GetSecretAsync(string name, CancellationToken cancellationToken) =>
        _file.ReadAsync(connection => Secret(connection, name), cancellationToken);

    public Task<IReadOnlyList<SecretRecord>> ListSecretsAsync(CancellationToken cancellationToken) =>
        _file.ReadAsync<IReadOnlyList<SecretRecord>>(connection => connection.List(LedgerSql.ListSecrets, LedgerRows.Secret), cancellationToken);

    public Task SetIntervalAsync(string name, TimeSpan? interval, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            connection => { connection.Run(LedgerSql.SetInterval, ("$name", name), ("$interval", interval is { } span ? (long)span.TotalSeconds : null)); },
            cancellationToken);

    public Task<SecretSnapshot?> GetSnapshotAsync(string name, CancellationToken cancellationToken) =>
        _file.ReadAsync(
            connection =>
            {
                // One transaction: the number and the credentials belong together.
                connection.Run("BEGIN");
                try
                {
                    return Secret(connection, name) is not { } secret ? null : new SecretSnapshot(
                        name, secret.LastNumber + 1, connection.List(LedgerSql.ListLiveCredentials, LedgerRows.Credential, ("$secret", name)),
                        secret.AdoptedAt, secret.LastRotatedAt);
                }
                finally
                {
                    connection.Run("COMMIT");
                }
            },
            cancellationToken);

    private static SecretRecord? Secret(SqliteConnection connection, string name) =>
        connection.First(LedgerSql.GetSecret, LedgerRows.Secret, ("$name", name));

    private string? AddAdopted(SqliteConnection connection, AdoptSecret adopt)
    {
        if (adopt.Current is not { } current)
        {
            return null;
        }

        var id = AddCredential(connection, new NewCredential(
            adopt.Name, null, 0, CredentialState.Active, current.ProviderCredentialId, current.Account, null, current.Fingerprint, current.Value, "adopted"));
        return Describe(Credential(connection, id));
    }
}
