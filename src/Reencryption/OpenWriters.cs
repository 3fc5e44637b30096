using Npgsql;
using NpgsqlTypes;
using Rotunda.Files;
using Rotunda.Reencryption.Passes;
using Rotunda.Reencryption.Tables;

namespace Rotunda.Reencryption;

/// <summary>
/// Transactions that were writing to the tables when a round begins may still commit rows, under the key that they knew, behind
/// the place where the round has been. So a round that is to be the last begins only when they have ended.
/// </summary>
internal static class OpenWriters
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private const string Sql = """
        SELECT l.virtualtransaction, l.pid, coalesce(p.gid, nullif(a.application_name, ''), a.usename::text, 'unknown'),
            coalesce(extract(epoch FROM clock_timestamp() - coalesce(p.prepared, a.xact_start)), 0)::bigint
        FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
            LEFT JOIN pg_locks x ON l.pid IS NULL AND x.pid IS NULL AND x.locktype = 'transactionid' AND x.virtualtransaction =
                l.virtualtransaction
            LEFT JOIN pg_prepared_xacts p ON p.transaction = x.transactionid
        WHERE l.locktype = 'relation' AND l.granted AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
            'AccessExclusiveLock')
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND l.relation IN (SELECT o FROM unnest($1) AS o UNION SELECT p.relid FROM unnest($1) AS o, pg_partition_tree(o) AS p)
          AND l.pid IS DISTINCT FROM pg_backend_pid()
        """;

    /// <exception cref="RowsStoppedException">One is open when the slice is over.</exception>
    public static async Task WaitAsync(RowsWork work, PassRunner runner, TimeProvider time, CancellationToken cancellationToken)
    {
        var open = await ReadAsync(work, cancellationToken);
        while (open.Count > 0)
        {
            if (runner.IsOver)
            {
                var (pid, who, seconds) = open.Values.First();
                var which = pid is { } process
                    ? $"The transaction of {who} (process {process}), open for {seconds} s,"
                    : $"The prepared transaction '{who}', {seconds} s old,";
                throw new RowsStoppedException(
                    $"{which} writes to the tables and may still bring rows under another key. It is waited for; end it if it "
                        + "is forgotten.",
                    mayPass: true);
            }

            await Task.Delay(Look, time, cancellationToken);
            var now = await ReadAsync(work, cancellationToken);
            open = open.Where(one => now.ContainsKey(one.Key)).ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal);
        }
    }

    private static async Task<Dictionary<string, (int? Pid, string Who, long Seconds)>> ReadAsync(
        RowsWork work,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, work.Connection);
        command.Parameters.Add(new NpgsqlParameter
        {
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Oid,
            Value = work.Tables.Select(table => table.Oid).ToArray(),
        });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var open = new Dictionary<string, (int?, string, long)>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            open[reader.GetString(0)] = (
                await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetInt32(1),
                reader.GetString(2),
                reader.GetInt64(3));
        }

        return open;
    }
}
