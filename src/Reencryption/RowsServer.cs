using System.Globalization;
using Npgsql;
using Rotunda.Postgres;
using Rotunda.Reencryption.Tables;

namespace Rotunda.Reencryption;

/// <summary>The server as a move finds it.</summary>
/// <param name="LogBytes">How much of its log it keeps by itself.</param>
/// <param name="DeadlockTimeout">After so long a wait it looks for deadlocks, and ends one of the transactions in it.</param>
internal sealed record RowsServer(long LogBytes, TimeSpan DeadlockTimeout)
{
    private const int Oldest = 140_000;

    private const string Sql = """
        SELECT pg_is_in_recovery(), current_setting('server_version_num')::int, s.oid IS NOT NULL,
               coalesce(has_schema_privilege(s.oid, 'CREATE') AND has_schema_privilege(s.oid, 'USAGE'), false),
               has_database_privilege(current_database(), 'CREATE'), current_user::text,
               coalesce((SELECT has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT') AND
                   has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE')
                         FROM pg_class c WHERE c.relnamespace = s.oid AND c.relname = 'lanes'), true),
               pg_size_bytes(current_setting('max_wal_size')), (SELECT setting::bigint FROM pg_settings WHERE name = 'deadlock_timeout')
        FROM (SELECT 1) AS one LEFT JOIN pg_namespace s ON s.nspname = $1
        """;

    /// <summary>What the person who approves should know.</summary>
    public IEnumerable<string> Notes(RowsSetup setup)
    {
        if (setup.LockTimeout >= DeadlockTimeout)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"lockTimeout ({setup.LockTimeout.TotalSeconds:0.###} s) is not below the server's deadlock_timeout "
                    + $"({DeadlockTimeout.TotalSeconds:0.###} s): where a batch and the application wait for each other, the "
                    + $"application's transaction may be the one that is ended");
        }
    }

    /// <exception cref="RowsStoppedException">Rows cannot be moved there.</exception>
    public static async Task<RowsServer> CheckAsync(RowsWork work, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, work.Connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = work.Setup.WorkSchema });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.GetBoolean(0))
        {
            throw new RowsStoppedException("The server is a standby and takes no changes. Give the primary's address.");
        }

        if (reader.GetInt32(1) < Oldest)
        {
            throw new RowsStoppedException(
                $"The server runs PostgreSQL {reader.GetInt32(1) / 10_000}; 14 is the oldest that is supported. Upgrade the server.");
        }

        RequireRights(
            work.Setup.WorkSchema,
            reader.GetString(5),
            reader.GetBoolean(2) ? reader.GetBoolean(3) : reader.GetBoolean(4),
            reader.GetBoolean(6));
        return new(reader.GetInt64(7), TimeSpan.FromMilliseconds(reader.GetInt64(8)));
    }

    private static void RequireRights(string workSchema, string user, bool mayCreate, bool mayKeepLanes)
    {
        if (!mayCreate)
        {
            throw new RowsStoppedException(
                $"The role may not make side tables in the schema {workSchema}. As its owner, run: "
                    + $"{AdvisedSql.LetMakeTables(user, workSchema)} If it is not there yet, as one who may make it: "
                    + AdvisedSql.MakeSchema(user, workSchema));
        }

        if (!mayKeepLanes)
        {
            throw new RowsStoppedException(
                $"The role may not use the table {workSchema}.lanes, which another role has made, and where each pass keeps how far it "
                    + $"is. As its owner, run: {AdvisedSql.LetWork(user, $"{SqlText.Identifier(workSchema)}.lanes")} Or give another "
                    + "'workSchema'.");
        }
    }

    /// <summary>
    /// Two connections that are open at the same time are two sessions of the server, unless a pooler hands the server's sessions out
    /// by transactions: then the one who asks next gets the one that is free, or another than before. In that order, so that this
    /// shows however many it has, and whether it hands out the one that was used last or the one that was used first.
    /// </summary>
    /// <param name="first">One that is open, and not set to anything yet: that would reach the application.</param>
    /// <exception cref="RowsStoppedException">There is such a pooler.</exception>
    public static async Task RequireOwnSessionsAsync(RowsSetup setup, NpgsqlConnection first, CancellationToken cancellationToken)
    {
        await using var other = new NpgsqlConnection(setup.Connection.ConnectionString);
        await other.OpenAsync(cancellationToken);
        var (one, two, again, back) = (
            await SessionAsync(first, cancellationToken),
            await SessionAsync(other, cancellationToken),
            await SessionAsync(other, cancellationToken),
            await SessionAsync(first, cancellationToken));
        if (one == two || two != again || one != back)
        {
            throw new RowsStoppedException(
                $"{setup.Connection.Host}:{setup.Connection.Port} is a pooler that hands out the server's sessions by transactions. Rows "
                    + "are moved with settings of the session, which would reach the application's transactions too. Give the address of "
                    + "the server itself, or of a pool in session mode.");
        }
    }

    private static async Task<int> SessionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
