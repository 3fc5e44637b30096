using Rotunda.Rotation.Words;

namespace Rotunda.Ledger;

/// <summary>Secrets that leave the catalog, or go on in it under another name.</summary>
public abstract partial class SqlLedger
{
    public Task<string?> GetPolicyAsync(string name, CancellationToken cancellationToken) =>
        ReadAsync(async session => await session.ScalarAsync(LedgerSql.GetPolicy, ("@name", name)) as string, cancellationToken);

    public Task RenameAsync(string name, string to, string actor, SecretRef? value, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                await RequireStillAsync(session, name);
                if (await SecretAsync(session, to) is not null)
                {
                    throw new InvalidOperationException($"The ledger has a secret '{to}' already.");
                }

                (string, LedgerValue)[] names = [("@name", name), ("@to", to)];
                await session.RunAsync(LedgerSql.CopySecret, names);
                await session.RunAsync(LedgerSql.MoveRotations, names);
                await session.RunAsync(LedgerSql.MoveCredentials, names);
                await session.RunAsync(LedgerSql.MovePauses, names);
                await session.RunAsync(CampaignSql.MoveMembers, names);
                await session.RunAsync(LedgerSql.SetRenamed, names);
                if (value is not null)
                {
                    await session.RunAsync(
                        LedgerSql.SetValue,
                        ("@secret", to), ("@store", value.Store), ("@storeName", value.Name), ("@storeVersion", value.Version));
                }

                var detail = new Dictionary<string, string> { ["from"] = name, ["to"] = to };
                if (value is not null)
                {
                    detail["value"] = value.ToString();
                }

                var text = Json(detail, LedgerJson.Default.DictionaryStringString);
                await AppendAsync(session, new AuditEntry(actor, AuditActions.SecretRenamed, name, null, null, text));
                await AppendAsync(session, new AuditEntry(actor, AuditActions.SecretRenamed, to, null, null, text));
            },
            cancellationToken);

    public Task<int> HandOverAsync(string name, string actor, string reason, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                await RequireStillAsync(session, name);
                var live = await session.ListAsync(LedgerSql.ListLiveCredentials, LedgerRows.Credential, ("@secret", name));
                foreach (var credential in live)
                {
                    await session.RunAsync(
                        LedgerSql.SetSettled,
                        ("@id", credential.Id),
                        ("@state", LedgerWords.Of(CredentialState.HandedOver)),
                        ("@revokedAt", LedgerValue.None),
                        ("@note", $"handed over by {actor}"));
                    await NotedAsync(session, null, credential.Id, AuditActions.CredentialHandedOver);
                }

                await AppendAsync(session, new AuditEntry(actor, AuditActions.SecretHandedOver, name, null, null, reason));
                return live.Count;
            },
            cancellationToken);

    /// <exception cref="InvalidOperationException">It is unknown, or a rotation of it is open.</exception>
    private static async Task RequireStillAsync(LedgerSession session, string name)
    {
        var secret = await SecretAsync(session, name) ?? throw new InvalidOperationException($"The ledger has no secret '{name}'.");
        if (secret.ActiveRotationId is { } open)
        {
            throw new InvalidOperationException($"Rotation {open} of '{name}' is under way: let it end first.");
        }
    }
}
