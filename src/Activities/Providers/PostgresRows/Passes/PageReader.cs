using Npgsql;
using NpgsqlTypes;

namespace Rotunda.Activities.Providers.PostgresRows.Passes;

/// <summary>Reads rows into a session's room.</summary>
internal static class PageReader
{
    /// <summary>The next rows of a lane.</summary>
    public static async Task ReadPageAsync(LaneSession session, RowsTable table, TableSql sql, Lane lane, int batch, bool withBackup, CancellationToken cancellationToken)
    {
        var command = session.Command(sql.Page(lane.After is not null, lane.UpTo is not null));
        if (command.Parameters.Count == 0)
        {
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Integer, Value = batch });
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = table.Named.Skip.ToArray() });
        }

        command.Parameters[0].Value = (object?)lane.After ?? DBNull.Value;
        command.Parameters[1].Value = (object?)lane.UpTo ?? DBNull.Value;
        await ReadAsync(session, command, table.Columns, withBackup, cancellationToken);
    }

    /// <summary>These rows, locked until the transaction ends. Those that are gone are left out.</summary>
    public static async Task ReadLockedAsync(LaneSession session, RowsTable table, TableSql sql, IReadOnlyList<string> keys, bool withBackup, CancellationToken cancellationToken)
    {
        var command = session.Command(sql.Locked());
        if (command.Parameters.Count == 0)
        {
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        }

        command.Parameters[0].Value = keys.ToArray();
        await ReadAsync(session, command, table.Columns, withBackup, cancellationToken);
    }

    public static async Task ReadAsync(LaneSession session, NpgsqlCommand command, int columns, bool withBackup, CancellationToken cancellationToken)
    {
        session.Keys.Clear();
        session.Sums.Clear();
        session.Cells.Clear();
        session.Other.Clear();
        await using var reader = await session.ReadAsync(command, cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            session.Keys.Add(reader.GetString(0));
            for (var column = 1; column <= columns; column++)
            {
                session.Cells.Add(Bytes(reader, column));
                if (withBackup)
                {
                    session.Other.Add(Bytes(reader, column + columns));
                }
            }

            if (withBackup)
            {
                session.Sums.Add(reader.GetBoolean((2 * columns) + 1));
            }
        }
    }

    private static byte[]? Bytes(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);
}
