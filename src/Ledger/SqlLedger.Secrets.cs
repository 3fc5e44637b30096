using System.Globalization;
using System.Security.Cryptography;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Ledger;

public abstract partial class SqlLedger
{
    private const int SaltBytes = 16;

    /// <summary>The secrets that were read, and the number of the last change that they have.</summary>
    private Roster _roster = Roster.Empty;

    private sealed record Roster(long Seen, SecretDictionary Secrets)
    {
        public static Roster Empty { get; } = new(-1, SecretDictionary.Empty);
    }

    public Task<(SecretRecord Secret, bool IsNew)> AdoptAsync(AdoptSecret adopt, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                if (await SecretAsync(session, adopt.Name) is { } known)
                {
                    return (known, false);
                }

                var salt = adopt.Current?.Salt ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SaltBytes));
                await session.RunAsync(LedgerSql.AddSecret, ("@name", adopt.Name), ("@salt", salt), ("@at", Now()));
                await AppendAsync(
                    session,
                    new AuditEntry(adopt.Actor, AuditActions.SecretAdopted, adopt.Name, null, null, await AddAdoptedAsync(session, adopt)));
                return ((await SecretAsync(session, adopt.Name))!, true);
            },
            cancellationToken);

    public Task<bool> CorrectAsync(AdoptSecret adopt, string reason, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                if (await SecretAsync(session, adopt.Name) is not { ActiveRotationId: null })
                {
                    return false;
                }

                foreach (var believed in (await session.ListAsync(
                    LedgerSql.ListLiveCredentials,
                    LedgerRows.Credential,
                    ("@secret", adopt.Name))).Where(c => c.State == CredentialState.Active))
                {
                    await SettleBelievedAsync(session, believed, adopt.Current);
                }

                await AppendAsync(
                    session,
                    new AuditEntry(
                        adopt.Actor,
                        AuditActions.SecretCorrected,
                        adopt.Name,
                        null,
                        null,
                        $"{reason}: {await AddAdoptedAsync(session, adopt)}"));
                return true;
            },
            cancellationToken);

    private async Task SettleBelievedAsync(LedgerSession session, CredentialRecord believed, AdoptedCredential? told)
    {
        var account = believed.Account ?? believed.ProviderCredentialId;
        var replaced = account is not null && account == (told?.Account ?? told?.ProviderCredentialId);
        var state = replaced ? CredentialState.Revoked : CredentialState.Orphan;
        await session.RunAsync(
            LedgerSql.SetSettled,
            ("@id", believed.Id),
            ("@state", LedgerWords.Of(state)),
            ("@revokedAt", replaced ? Now() : LedgerValue.None),
            ("@note", replaced
                ? "replaced outside by the value that was told to be in use"
                : "was believed in use until a person corrected it: find out whether it still works, and revoke it by hand"));
        await NotedAsync(session, null, believed.Id, replaced ? AuditActions.CredentialRevoked : AuditActions.CredentialOrphaned);
    }

    public Task<SecretRecord?> GetSecretAsync(string name, CancellationToken cancellationToken) =>
        ReadAsync(session => SecretAsync(session, name), cancellationToken);

    public async Task<IReadOnlyList<SecretRecord>> ListSecretsAsync(CancellationToken cancellationToken) =>
        (await SecretsByNameAsync(cancellationToken)).InOrder;

    public async Task<IReadOnlyCollection<string>> ListNamesAsync(CancellationToken cancellationToken) =>
        await ReadAsync(session => session.ListAsync(LedgerSql.ListNames, row => row.GetString(0)), cancellationToken);

    public async Task<SecretDictionary> SecretsByNameAsync(CancellationToken cancellationToken)
    {
        var fresh = await ReadAsync(
            async session =>
            {
                // Lower than what was seen: another database stands there now, such as one that was restored.
                var known = Volatile.Read(ref _roster);
                var last = Convert.ToInt64(await session.ScalarAsync(LedgerSql.LastChange), CultureInfo.InvariantCulture);
                known = last < known.Seen ? Roster.Empty : known;
                if (last == known.Seen)
                {
                    return known;
                }

                if (_rowByRow is { } first)
                {
                    await session.RunAsync(first);
                }

                var seen = known.Seen;
                var changed = await session.ListAsync(
                    LedgerSql.ListSecretsChanged,
                    row =>
                    {
                        seen = Math.Max(seen, LedgerRows.ChangeOf(row));
                        return LedgerRows.Secret(row);
                    },
                    ("@seen", known.Seen));
                return new Roster(seen, known.Secrets.With(changed));
            },
            cancellationToken);
        Volatile.Write(ref _roster, fresh);
        return fresh.Secrets;
    }

    public Task RecordDriftAsync(string name, DriftReport report, CancellationToken cancellationToken) =>
        WriteAsync(
            session => session.RunAsync(
                LedgerSql.SetDrift, ("@name", name), ("@drift", Json(report, LedgerJson.Default.DriftReport))),
            cancellationToken);

    public Task<SecretSnapshot?> GetSnapshotAsync(string name, CancellationToken cancellationToken) =>
        ReadAsync(
            async session => await SecretAsync(session, name) is not { } secret ? null : new SecretSnapshot(
                name,
                secret.LastNumber + 1,
                await session.ListAsync(LedgerSql.ListLiveCredentials, LedgerRows.Credential, ("@secret", name)),
                secret.AdoptedAt, secret.LastRotatedAt) { Drift = secret.Drift },
            cancellationToken);

    private static Task<SecretRecord?> SecretAsync(LedgerSession session, string name) =>
        session.FirstAsync(LedgerSql.GetSecret, LedgerRows.Secret, ("@name", name));

    private async Task<string?> AddAdoptedAsync(LedgerSession session, AdoptSecret adopt)
    {
        if (adopt.Current is not { } current)
        {
            return null;
        }

        var id = await AddCredentialAsync(session, new NewCredential(
            adopt.Name,
            null,
            0,
            CredentialState.Active,
            current.ProviderCredentialId,
            current.Account,
            null,
            current.Fingerprint,
            current.Value,
            "adopted"));
        await session.RunAsync(LedgerSql.SetExpiry, ("@id", id), ("@expires", Time(current.ExpiresAt)));
        return Describe(await CredentialAsync(session, id));
    }
}
