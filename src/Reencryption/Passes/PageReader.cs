using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Rotunda.Reencryption.Formats;
using Rotunda.Reencryption.Tables;

namespace Rotunda.Reencryption.Passes;

/// <summary>Reads rows into a session's room.</summary>
internal static class PageReader
{
    /// <summary>As much as one connection holds of rows at a time, roughly: large values make small batches.</summary>
    internal const int MostBytes = 8 << 20;

    /// <summary>The next rows of a lane. True if they are its last.</summary>
    public static async Task<bool> ReadPageAsync(
        LaneSession session,
        RowsTable table,
        TableSql sql,
        Lane lane,
        int batch,
        bool withBackup,
        CancellationToken cancellationToken)
    {
        // As many as fitted the last time, and a little more.
        var limit = Math.Min(batch, session.Fitting * 2);
        var (hasAfter, hasUpTo) = (lane.After is not null, lane.UpTo is not null);
        var command = session.Command(lane.IsOfLeftOut ? sql.PageOfLeftOut(hasAfter, hasUpTo) : sql.Page(hasAfter, hasUpTo));
        if (command.Parameters.Count == 0)
        {
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Integer });
            command.Parameters.Add(new NpgsqlParameter
            {
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
                Value = table.Named.Skip.ToArray(),
            });
        }

        command.Parameters[0].Value = (object?)lane.After ?? DBNull.Value;
        command.Parameters[1].Value = (object?)lane.UpTo ?? DBNull.Value;
        command.Parameters[2].Value = limit;
        var all = await ReadAsync(session, command, table, withBackup, MostBytes, cancellationToken);
        session.Fitting = all && session.Keys.Count == limit ? limit : Math.Max(1, session.Keys.Count);
        return all && session.Keys.Count < limit;
    }

    /// <summary>These rows, locked until the transaction ends. Those that are gone are left out.</summary>
    public static async Task ReadLockedAsync(
        LaneSession session,
        RowsTable table,
        TableSql sql,
        IReadOnlyList<string> keys,
        bool withBackup,
        CancellationToken cancellationToken)
    {
        var command = session.Command(sql.Locked());
        if (command.Parameters.Count == 0)
        {
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        }

        command.Parameters[0].Value = keys.ToArray();
        await ReadAsync(session, command, table, withBackup, cancellationToken);
    }

    /// <summary>Whatever the command answers with.</summary>
    public static Task ReadAsync(
        LaneSession session,
        NpgsqlCommand command,
        RowsTable table,
        bool withBackup,
        CancellationToken cancellationToken) =>
        ReadAsync(session, command, table, withBackup, int.MaxValue, cancellationToken);

    /// <summary>False if there are more than were kept, because of their size.</summary>
    private static async Task<bool> ReadAsync(
        LaneSession session,
        NpgsqlCommand command,
        RowsTable table,
        bool withBackup,
        int mostBytes,
        CancellationToken cancellationToken)
    {
        var columns = table.Columns;
        session.Keys.Clear();
        session.Sums.Clear();
        session.Cells.Clear();
        session.Other.Clear();
        session.Cells.Take(table.Prefix, table.Named.KeepsEmpty);
        session.Other.Take(table.Prefix, table.Named.KeepsEmpty);
        var bytes = 0L;
        await using var reader = await session.ReadAsync(command, cancellationToken);
        var isNumber = reader.GetFieldType(0) == typeof(long);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (bytes >= mostBytes)
            {
                return false;
            }

            session.Keys.Add(isNumber ? reader.GetInt64(0).ToString(CultureInfo.InvariantCulture) : reader.GetString(0));
            for (var column = 1; column <= columns; column++)
            {
                bytes += Add(session.Cells, Bytes(reader, column));
                if (withBackup)
                {
                    bytes += Add(session.Other, Bytes(reader, column + columns));
                }
            }

            if (withBackup)
            {
                session.Sums.Add(reader.GetBoolean((2 * columns) + 1));
            }
        }

        return true;
    }

    private static int Add(Cells cells, byte[]? value)
    {
        cells.Add(value);
        return value?.Length ?? 0;
    }

    private static byte[]? Bytes(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);
}
