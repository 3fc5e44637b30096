using Npgsql;
using NpgsqlTypes;
using Rotunda.Postgres;
using Rotunda.Reencryption.Tables;

namespace Rotunda.Reencryption.Passes;

/// <summary>
/// How far each pass of each rotation is, kept beside the rows: a batch and its lane's new place are one transaction, so that a
/// crash at any moment neither repeats a batch nor leaves one out.
/// </summary>
internal sealed class LaneTable(string schema, string rotation)
{
    private readonly string _lanes = $"{SqlText.Identifier(schema)}.lanes";

    /// <summary>Makes the schema and the table, if they are not there.</summary>
    public async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(connection, cancellationToken))
        {
            return;
        }

        await using var isThere = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)", connection);
        isThere.Parameters.Add(new NpgsqlParameter<string> { TypedValue = schema });
        if (!(bool)(await isThere.ExecuteScalarAsync(cancellationToken))!)
        {
            await RunAsync(connection, $"CREATE SCHEMA IF NOT EXISTS {SqlText.Identifier(schema)}", cancellationToken);
        }

        await RunAsync(
            connection,
            $"""
            CREATE TABLE IF NOT EXISTS {_lanes} (
                rotation text, pass text, tbl int, lane int, lower text, after text, upto text,
                rows bigint NOT NULL, moved bigint NOT NULL, done boolean NOT NULL, round int NOT NULL, PRIMARY KEY (rotation, pass, tbl,
                    lane))
            """,
            cancellationToken);
    }

    public async Task<bool> ExistsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _lanes });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The lanes of a pass; none if it was not begun.</summary>
    public async Task<List<Lane>> LoadAsync(NpgsqlConnection connection, string pass, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            $"SELECT tbl, lane, lower, upto, after, rows, moved, done, round FROM {_lanes} WHERE rotation = $1 AND pass = $2 ORDER "
                + "BY tbl, lane",
            pass);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var lanes = new List<Lane>();
        while (await reader.ReadAsync(cancellationToken))
        {
            lanes.Add(new Lane(reader.GetInt32(0), reader.GetInt32(1), Text(reader, 2), Text(reader, 3))
            {
                After = Text(
                    reader,
                    4), Rows = reader.GetInt64(5), Moved = reader.GetInt64(6), Done = reader.GetBoolean(7), Round = reader.GetInt32(8),
            });
        }

        return lanes;
    }

    public async Task InsertAsync(NpgsqlConnection connection, string pass, IEnumerable<Lane> lanes, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // One process only draws them: two halves of different drawings would leave gaps.
        await using (var alone = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtext($1))", connection))
        {
            Add(alone, $"{rotation}/{pass}");
            await alone.ExecuteNonQueryAsync(cancellationToken);
        }

        if ((await LoadAsync(connection, pass, cancellationToken)).Count > 0)
        {
            return;
        }

        foreach (var lane in lanes)
        {
            await using var command = Command(
                connection,
                $"INSERT INTO {_lanes} VALUES ($1, $2, $3, $4, $5, $5, $6, 0, 0, false, 0) ON CONFLICT DO NOTHING",
                pass);
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = lane.Table });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = lane.Number });
            Add(command, lane.Lower);
            Add(command, lane.UpTo);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Moves a lane on, within the batch's transaction.</summary>
    /// <exception cref="LaneTakenException">Another process has moved it meanwhile: the batch is not to be committed.</exception>
    public async Task AdvanceAsync(
        LaneSession session,
        string pass,
        Lane lane,
        string? after,
        int rows,
        int moved,
        bool done,
        CancellationToken cancellationToken)
    {
        var command = session.Command($"""
            UPDATE {_lanes} SET after = $5, rows = rows + $6, moved = moved + $7, done = $8
            WHERE rotation = $1 AND pass = $2 AND tbl = $3 AND lane = $4 AND after IS NOT DISTINCT FROM $9 AND rows = $10 AND round = $11
            """);
        if (command.Parameters.Count == 0)
        {
            foreach (var type in new[]
            {
                NpgsqlDbType.Text,
                NpgsqlDbType.Text,
                NpgsqlDbType.Integer,
                NpgsqlDbType.Integer,
                NpgsqlDbType.Text,
                NpgsqlDbType.Bigint,
                NpgsqlDbType.Bigint,
                NpgsqlDbType.Boolean,
                NpgsqlDbType.Text,
                NpgsqlDbType.Bigint,
                NpgsqlDbType.Integer,
            })
            {
                command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
            }
        }

        object?[] values =
            [rotation, pass, lane.Table, lane.Number, after, (long)rows, (long)moved, done, lane.After, lane.Rows, lane.Round];
        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index] ?? DBNull.Value;
        }

        if (await session.RunAsync(command, cancellationToken) != 1)
        {
            throw new LaneTakenException();
        }

        session.Touch ??= stop => TouchAsync(session, pass, lane, stop);
    }

    private async Task TouchAsync(LaneSession session, string pass, Lane lane, CancellationToken cancellationToken)
    {
        await using var command = Command(
            session.Connection,
            $"UPDATE {_lanes} SET rows = rows WHERE rotation = $1 AND pass = $2 AND tbl = $3 AND lane = $4",
            pass);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = lane.Table });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = lane.Number });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Takes all lanes of the rotation from whoever works at them, and leaves nothing to do in any. A batch under way is
    /// waited for.</summary>
    public async Task TakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command =
            new NpgsqlCommand($"UPDATE {_lanes} SET round = round + 1000000, done = true WHERE rotation = $1", connection);
        Add(command, rotation);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Begins the next round of a pass.</summary>
    public async Task ResetAsync(NpgsqlConnection connection, string pass, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            $"UPDATE {_lanes} SET after = lower, rows = 0, moved = 0, done = false, round = round + 1 WHERE rotation = $1 AND pass = $2",
            pass);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task DeleteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"DELETE FROM {_lanes} WHERE rotation = $1", connection);
        Add(command, rotation);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, string sql, string pass)
    {
        var command = new NpgsqlCommand(sql, connection);
        Add(command, rotation);
        Add(command, pass);
        return command;
    }

    private static void Add(NpgsqlCommand command, string? text) =>
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)text ?? DBNull.Value });

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
