using Npgsql;
using NpgsqlTypes;
using Rotunda.Reencryption.Passes;
using Rotunda.Reencryption.Tables;

namespace Rotunda.Reencryption;

/// <summary>Copies rows as they are into the side tables, within the database: what they hold does not leave it.</summary>
internal sealed class RowKeeper(RowsWork work, string pass)
{
    /// <summary>Nothing is computed here, so larger batches pay.</summary>
    private const int Larger = 5;

    private readonly Dictionary<int, TableSql> _sql =
        work.Tables.ToDictionary(table => table.Number, table => new TableSql(table, work.Sides.Of(table)));

    public async Task StepAsync(LaneSession session, Lane lane, CancellationToken cancellationToken)
    {
        var batch = work.Setup.Batch * Larger;
        var command = session.Command(_sql[lane.Table].Keep(lane.After is not null, lane.UpTo is not null));
        if (command.Parameters.Count == 0)
        {
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Integer, Value = batch });
        }

        command.Parameters[0].Value = (object?)lane.After ?? DBNull.Value;
        command.Parameters[1].Value = (object?)lane.UpTo ?? DBNull.Value;
        await session.BeginAsync(cancellationToken);
        var (last, rows) = await ReadAsync(session, command, lane, cancellationToken);
        await work.Lanes.AdvanceAsync(session, pass, lane, last, rows, moved: 0, done: rows < batch, cancellationToken);
        await session.CommitAsync(cancellationToken);
        (lane.After, lane.Rows, lane.Done) = (last, lane.Rows + rows, rows < batch);
    }

    /// <summary>Compares every copy with its checksum. Returns how many there are.</summary>
    public async Task<long> CheckAsync(CancellationToken cancellationToken)
    {
        var kept = 0L;
        foreach (var table in work.Tables)
        {
            await using var command = new NpgsqlCommand(_sql[table.Number].CheckBackup(), work.Connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            kept += reader.GetInt64(0);
            if (reader.GetInt64(1) > 0)
            {
                throw new RowsStoppedException(
                    $"{reader.GetInt64(1)} copies in the side table of {table.Name} do not fit their checksum. Check the server's disk "
                        + "and memory before going on.");
            }
        }

        return kept;
    }

    private static async Task<(string? Last, int Rows)> ReadAsync(
        LaneSession session,
        NpgsqlCommand command,
        Lane lane,
        CancellationToken cancellationToken)
    {
        await using var reader = await session.ReadAsync(command, cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return await reader.IsDBNullAsync(0, cancellationToken) ? (lane.After, 0) : (reader.GetString(0), (int)reader.GetInt64(1));
    }
}
