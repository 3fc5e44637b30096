using System.Globalization;
using Npgsql;
using Rotunda.Postgres;

namespace Rotunda.Ledger.Postgres;

/// <summary>Makes and upgrades the ledger's schema, with the login of its owner. Can be repeated, and run by several at once.</summary>
public static class PostgresLedgerSchema
{
    /// <summary>The version this release needs.</summary>
    public static int Version => LedgerSchema.Version;

    /// <summary>Brings the schema to this release's version, all or nothing.</summary>
    /// <param name="grantTo">Roles that the heads log in as: each gets the rights it needs. The role has to exist.</param>
    /// <exception cref="LedgerUnavailableException">It cannot be done; the message says what to do.</exception>
    public static async Task<PostgresMigration> MigrateAsync(
        PostgresLedgerOptions options,
        IReadOnlyList<string> grantTo,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var to = PostgresLedgerConnection.Read(options);
        try
        {
            await using var source = to.Open(time);
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var session = new LedgerSession(connection, transaction, "", cancellationToken);
            var from = await UpgradeAsync(session, to);
            var heads = from is > 0 and < LedgerSchema.Version ? await PostgresRights.HeadsAsync(session, to.Schema) : [];
            foreach (var role in grantTo.Union(heads, StringComparer.Ordinal))
            {
                await session.RunAsync(PostgresRights.GrantTo(to.SchemaName, SqlText.Identifier(role)));
            }

            await transaction.CommitAsync(CancellationToken.None);
            return new PostgresMigration(to.Schema, to.Address, from, LedgerSchema.Version);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedObject)
        {
            throw new LedgerUnavailableException(
                $"a role to grant to does not exist at {to.Address}. Create it first, or leave --grant out.",
                exception);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new LedgerUnavailableException(
                $"{to.User} may not make or change schema {to.Schema} at {to.Address}. Migrate with the login that owns the schema, or "
                    + "that may create one in the database.",
                exception);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && PostgresLedgerFailures.Why(exception, to) is { } why)
        {
            throw new LedgerUnavailableException(why, exception);
        }
    }

    private static async Task<int> UpgradeAsync(LedgerSession session, PostgresLedgerConnection to)
    {
        // There is no row to lock in an empty schema, so those who migrate at once queue by an advisory lock.
        await session.RunAsync("SELECT pg_advisory_xact_lock(hashtextextended(@name, 0))", ("@name", $"rotunda ledger {to.Schema}"));
        if (await session.ScalarAsync("SELECT 1 FROM pg_namespace WHERE nspname = @name", ("@name", to.Schema)) is null)
        {
            await session.RunAsync($"CREATE SCHEMA {to.SchemaName}");
        }

        await session.RunAsync(to.Prelude);
        var from = await VersionAsync(session, to);
        if (from > LedgerSchema.Version)
        {
            throw PostgresLedgerFailures.WrongVersion(to, from);
        }

        for (var version = from; version < LedgerSchema.Version; version++)
        {
            await session.RunAsync(LedgerSchema.Upgrade(LedgerDialect.Postgres, version));
        }

        if (from < LedgerSchema.Version)
        {
            await session.RunAsync(
                LedgerSql.SetMeta,
                ("@key", SqlLedger.VersionKey),
                ("@value", LedgerSchema.Version.ToString(CultureInfo.InvariantCulture)));
            // Both rows of the gate have to be there: a row that is not there cannot be locked.
            await session.RunAsync(
                "INSERT INTO meta (key, value) VALUES (@key, '') ON CONFLICT (key) DO NOTHING",
                ("@key", SqlLedger.MovedKey));
        }

        return from;
    }

    private static async Task<int> VersionAsync(LedgerSession session, PostgresLedgerConnection to)
    {
        if (await session.ScalarAsync("SELECT to_regclass(@name)::text", ("@name", $"{to.SchemaName}.meta")) is null)
        {
            return 0;
        }

        // Locked, so that no head writes meanwhile.
        var found =
            await session.ListAsync(LedgerSql.Gate + LedgerDialect.Postgres.Lock, row => (Key: row.GetString(0), Value: row.GetString(1)));
        return found.Find(row => row.Key == SqlLedger.VersionKey).Value is { } text
            && int.TryParse(text, CultureInfo.InvariantCulture, out var version) ? version : 0;
    }
}

/// <param name="From">The version that was there; 0 for none.</param>
public sealed record PostgresMigration(string Schema, string Address, int From, int To);
