using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Rotunda.Postgres;
using Rotunda.Reencryption.Formats;
using Rotunda.Reencryption.Passes;
using Rotunda.Reencryption.Tables;
using Rotunda.Rotation.Words;

namespace Rotunda.Reencryption;

/// <summary>Looks whether the rows can be moved: rights, room, counts, a sample. What it tries, it takes back.</summary>
internal sealed class RowsPreflight(RowsWork work)
{
    private const int SampleRows = 100;

    public async Task<StepOutcome> RunAsync(CancellationToken cancellationToken)
    {
        var server = await RowsServer.CheckAsync(work, cancellationToken);
        await work.LoadTablesAsync(cancellationToken);
        await using var session = await LaneSession.OpenAsync(work.Setup, work.Ring, cancellationToken);
        var counts = new List<string>();
        var rows = 0L;
        var shut = 0;
        foreach (var table in work.Tables)
        {
            await TryConditionAsync(session, table, cancellationToken);
            shut += await SampleAsync(session, table, cancellationToken);
            var (count, leftOut) = await CountAsync(session, table, cancellationToken);
            await new RowsTrial(work, session, table).RunAsync(cancellationToken);
            counts.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{table.Name} {count}{(leftOut > 0 ? $" ({leftOut} left as they are)" : "")}"));
            rows += count;
        }

        var notes = work.Tables.SelectMany(table => table.Notes).Concat(server.Notes(work.Setup)).ToList();
        return StepOutcome.Done(
            (StepFacts.Rows, PassRunner.Number(rows)),
            ("tables", string.Join(", ", counts)),
            ("room", RowsRoom.Check(work, server)),
            ("sample", shut == 0 ? "opened" : $"{shut} values not opened; the rehearsal lists them"),
            ("note", notes.Count == 0 ? null : string.Join("; ", notes)));
    }

    /// <summary>Opens rows from both ends. Returns how many values no key opens.</summary>
    /// <exception cref="RowsStoppedException">No value of a column opens: the key is another one.</exception>
    private async Task<int> SampleAsync(LaneSession session, RowsTable table, CancellationToken cancellationToken)
    {
        var (seen, opened) = (new int[table.Columns], new int[table.Columns]);
        foreach (var order in new[] { "ASC", "DESC" })
        {
            await ReadAsync(session, table, order, SampleRows, cancellationToken);
            foreach (var key in work.Ring!.Before)
            {
                await session.FormatOf(table).OpenAsync(session.Cells, key, cancellationToken);
            }

            for (var index = 0; index < session.Cells.Count; index++)
            {
                seen[index % table.Columns] += session.Cells[index].Key == Cells.Nothing ? 0 : 1;
                opened[index % table.Columns] += session.Cells[index].Key >= 0 ? 1 : 0;
            }
        }

        for (var column = 0; column < table.Columns; column++)
        {
            if (seen[column] > 0 && opened[column] == 0)
            {
                throw new RowsStoppedException(
                    $"The key in use opens none of {seen[column]} sampled values of {table.Name}.{table.Named.Columns[column]}. Check "
                        + "that it is the right key ('current: value'), and the right 'format'"
                        + (table.Prefix.Length > 0 ? " and 'prefix'." : ". If something stands before each value, give it as 'prefix'."));
            }
        }

        return seen.Sum() - opened.Sum();
    }

    /// <summary>Counts the rows.</summary>
    /// <exception cref="RowsStoppedException">A key cannot be told to the server as the text that the server gave for it.</exception>
    private static async Task<(long Rows, long LeftOut)> CountAsync(
        LaneSession session,
        RowsTable table,
        CancellationToken cancellationToken)
    {
        var unusable =
            $"{table.Name} has no usable key: {table.Named.KeyName} is of type {string.Join(", ", table.KeyTypes)}, and not all of its "
                + "values come back from their text as they are. Give another column as 'key': a number, a text, a uuid or a time.";
        try
        {
            await using var command = new NpgsqlCommand(new TableSql(table, null).Count(), session.Connection);
            command.Parameters.Add(new NpgsqlParameter
            {
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
                Value = table.Named.Skip.ToArray(),
            });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            return reader.GetInt64(1) == 0 ? (reader.GetInt64(0), reader.GetInt64(2)) : throw new RowsStoppedException(unusable);
        }
        catch (PostgresException unread) when (unread.SqlState[..2] is "22" or "42"
            && unread.SqlState != PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new RowsStoppedException($"{unusable} (SQLSTATE {unread.SqlState})");
        }
    }

    /// <summary>Tries the policy's own condition by itself.</summary>
    /// <exception cref="RowsStoppedException">The server does not take it.</exception>
    private static async Task TryConditionAsync(LaneSession session, RowsTable table, CancellationToken cancellationToken)
    {
        if (table.Named.SkipWhere is not { } condition)
        {
            return;
        }

        try
        {
            await using var command =
                new NpgsqlCommand($"SELECT FROM {table.Named.Sql} WHERE (\n{condition}\n) IS TRUE LIMIT 1", session.Connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException refused) when (!SqlStates.IsPassing(refused.SqlState))
        {
            throw new RowsStoppedException(
                $"The server does not take 'skipWhere' of {table.Name} (SQLSTATE {refused.SqlState}). Give one condition on the table's "
                    + "own columns, as SQL, that the role may read.");
        }
    }

    /// <summary>Some rows from one end.</summary>
    public static async Task ReadAsync(LaneSession session, RowsTable table, string order, int rows, CancellationToken cancellationToken)
    {
        var command = session.Command(new TableSql(table, null).Sample(order, rows));
        if (command.Parameters.Count == 0)
        {
            command.Parameters.Add(new NpgsqlParameter
            {
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
                Value = table.Named.Skip.ToArray(),
            });
        }

        await PageReader.ReadAsync(session, command, table, withBackup: false, cancellationToken);
    }
}
