using Npgsql;
using NpgsqlTypes;
using Rotunda.Reencryption.Tables;

namespace Rotunda.Reencryption.Passes;

/// <summary>Writes what a session's values were sealed to, where still stands what was read.</summary>
internal static class RowWriter
{
    /// <summary>The rows of which a value was sealed anew, by their position.</summary>
    public static List<int> Changed(LaneSession session, int columns)
    {
        var rows = new List<int>();
        for (var row = 0; row < session.Keys.Count; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                if (session.Cells[(row * columns) + column].Sealed is not null)
                {
                    rows.Add(row);
                    break;
                }
            }
        }

        return rows;
    }

    /// <summary>Returns how many of the rows it wrote; the others have changed, or are gone.</summary>
    public static async Task<int> WriteAsync(
        LaneSession session,
        RowsTable table,
        TableSql sql,
        IReadOnlyList<int> rows,
        CancellationToken cancellationToken)
    {
        var command = session.Command(sql.CompareAndSet());
        if (command.Parameters.Count == 0)
        {
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
            for (var column = 0; column < table.Columns; column++)
            {
                var type = NpgsqlDbType.Array | (table.Texts[column] ? NpgsqlDbType.Text : NpgsqlDbType.Bytea);
                command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
                command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
            }
        }

        Fill(command, session, table.Columns, rows);
        return await session.RunAsync(command, cancellationToken);
    }

    private static void Fill(NpgsqlCommand command, LaneSession session, int columns, IReadOnlyList<int> rows)
    {
        var keys = new string[rows.Count];
        for (var index = 0; index < rows.Count; index++)
        {
            keys[index] = session.Keys[rows[index]];
        }

        command.Parameters[0].Value = keys;
        for (var column = 0; column < columns; column++)
        {
            var (before, after) = (new byte[]?[rows.Count], new byte[]?[rows.Count]);
            for (var index = 0; index < rows.Count; index++)
            {
                ref var cell = ref session.Cells[(rows[index] * columns) + column];
                (before[index], after[index]) = (cell.Stored, cell.Sealed ?? cell.Stored);
            }

            command.Parameters[(2 * column) + 1].Value = before;
            command.Parameters[(2 * column) + 2].Value = after;
        }
    }
}
