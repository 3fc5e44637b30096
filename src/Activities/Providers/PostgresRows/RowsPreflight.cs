using System.Globalization;
using Npgsql;
using Rotunda.Activities.Providers.Postgres;
using Rotunda.Activities.Providers.PostgresRows.Formats;
using Rotunda.Activities.Providers.PostgresRows.Passes;
using Rotunda.Rotation.Credentials;

namespace Rotunda.Activities.Providers.PostgresRows;

/// <summary>Looks whether the rows can be moved: rights, room, counts, a sample. What it tries, it takes back.</summary>
internal sealed class RowsPreflight(RowsWork work)
{
    private const int SampleRows = 100;
    private const int TriedRows = 5;

    public async Task<StepOutcome> RunAsync(CancellationToken cancellationToken)
    {
        await CheckServerAsync(cancellationToken);
        await work.LoadTablesAsync(cancellationToken);
        await using var session = await LaneSession.OpenAsync(work.Setup, work.Ring, cancellationToken);
        var counts = new List<string>();
        var rows = 0L;
        var shut = 0;
        foreach (var table in work.Tables)
        {
            shut += await SampleAsync(session, table, cancellationToken);
            await TryUpdateAsync(session, table, cancellationToken);
            var count = await work.CountAsync(table, cancellationToken);
            counts.Add(string.Create(CultureInfo.InvariantCulture, $"{table.Name} {count}"));
            rows += count;
        }

        var notes = work.Tables.SelectMany(table => table.Notes).ToList();
        return StepOutcome.Done(
            (StepFacts.Rows, PassRunner.Number(rows)),
            ("tables", string.Join(", ", counts)),
            ("room", Room()),
            ("sample", shut == 0 ? "opened" : $"{shut} values not opened; the rehearsal lists them"),
            ("note", notes.Count == 0 ? null : string.Join("; ", notes)));
    }

    private async Task CheckServerAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT pg_is_in_recovery(), current_setting('server_version_num')::int, EXISTS (SELECT FROM pg_namespace WHERE nspname = $1),
                   coalesce((SELECT has_schema_privilege(oid, 'CREATE') AND has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = $1), false),
                   has_database_privilege(current_database(), 'CREATE'), current_user::text, current_database()::text
            """,
            work.Connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = work.Setup.WorkSchema });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (schema, role) = (SqlText.Identifier(work.Setup.WorkSchema), SqlText.Identifier(reader.GetString(5)));
        if (reader.GetBoolean(0))
        {
            throw new RowsStoppedException("The server is a standby and takes no changes. Give the primary's address.");
        }

        if (reader.GetInt32(1) < 140_000)
        {
            throw new RowsStoppedException($"The server runs PostgreSQL {reader.GetInt32(1) / 10_000}; 14 is the oldest that is supported.");
        }

        if (reader.GetBoolean(2) ? !reader.GetBoolean(3) : !reader.GetBoolean(4))
        {
            throw new RowsStoppedException($"The role may not make side tables in the schema {work.Setup.WorkSchema}. As its owner, run: CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {role}; or GRANT USAGE, CREATE ON SCHEMA {schema} TO {role};");
        }
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
                throw new RowsStoppedException($"The key in use opens none of {seen[column]} sampled values of {table.Name}.{table.Named.Columns[column]}. Is it the right key ('current: value'), and the right 'format'?");
            }
        }

        return seen.Sum() - opened.Sum();
    }

    /// <summary>Seals a few rows with the key that is made for this, writes them, and takes that back: what would refuse the move refuses it here.</summary>
    private async Task TryUpdateAsync(LaneSession session, RowsTable table, CancellationToken cancellationToken)
    {
        var sql = new TableSql(table, null);
        await ReadAsync(session, table, "DESC", TriedRows, cancellationToken);
        foreach (var key in work.Ring!.Before)
        {
            await session.FormatOf(table).OpenAsync(session.Cells, key, cancellationToken);
        }

        for (var index = 0; index < session.Cells.Count; index++)
        {
            session.Cells[index].Wanted = session.Cells[index].Key >= 0;
        }

        await session.FormatOf(table).SealAsync(session.Cells, KeyRing.New, cancellationToken);
        if (RowWriter.Changed(session, table.Columns) is { Count: > 0 } changed)
        {
            await TryWriteAsync(session, table, sql, changed, cancellationToken);
        }
    }

    private static async Task TryWriteAsync(LaneSession session, RowsTable table, TableSql sql, List<int> changed, CancellationToken cancellationToken)
    {
        await session.BeginAsync(cancellationToken);
        try
        {
            await RowWriter.WriteAsync(session, table, sql, changed, cancellationToken);
        }
        catch (PostgresException refused) when (RowsFailures.IsRefusal(refused))
        {
            throw new RowsStoppedException(RowsFailures.Refusal(table, "sampled rows", refused));
        }
        finally
        {
            await session.RollBackAsync();
        }
    }

    private static async Task ReadAsync(LaneSession session, RowsTable table, string order, int rows, CancellationToken cancellationToken)
    {
        // Qualified: the key as text has the same name.
        var key = $"t.{SqlText.Identifier(table.Named.Key)}";
        var columns = string.Join(", ", table.Named.Columns.Select(column => $"t.{SqlText.Identifier(column)}"));
        var skip = table.Named.Skip.Count == 0 ? "" : $"WHERE {key} <> ALL (ARRAY[{string.Join(", ", table.Named.Skip.Select(SqlText.Literal))}]::text[]::{table.KeyType}[])";
        await PageReader.ReadAsync(session, session.Command($"SELECT {key}::text, {columns} FROM {table.Named.Sql} AS t {skip} ORDER BY {key} {order} LIMIT {rows}"), table.Columns, withBackup: false, cancellationToken);
    }

    /// <summary>New versions of all rows, and their copies: about twice what they take now.</summary>
    private string Room()
    {
        var needed = work.Tables.Sum(table => table.Bytes) * 2;
        if (work.Setup.DiskPath is not { } path)
        {
            return $"about {Size(needed)} needed; not measured ('diskPath')";
        }

        var free = new DriveInfo(path).AvailableFreeSpace;
        return free >= needed ? $"about {Size(needed)} needed, {Size(free)} free" : throw new RowsStoppedException(
            $"The move needs about {Size(needed)} on the database's disk (new versions of all rows, and their copies), but at {path} only {Size(free)} are free. Make room first.");
    }

    private static string Size(long bytes) => bytes < 1 << 20
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0} KB")
        : bytes < 1 << 30 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0} MB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.0} GB");
}
