using Npgsql;
using Rotunda.Activities.Providers.PostgresRows.Formats;

namespace Rotunda.Activities.Providers.PostgresRows.Passes;

/// <summary>One connection at work, with its prepared statements, and the room for the batch in its hands.</summary>
internal sealed class LaneSession : IAsyncDisposable
{
    private readonly Dictionary<string, NpgsqlCommand> _commands = new(StringComparer.Ordinal);
    private readonly Dictionary<int, IRowFormat> _formats = [];
    private readonly RowsSetup _setup;
    private readonly KeyRing? _ring;
    private NpgsqlTransaction? _transaction;

    private LaneSession(NpgsqlConnection connection, RowsSetup setup, KeyRing? ring) => (Connection, _setup, _ring) = (connection, setup, ring);

    public NpgsqlConnection Connection { get; }

    public Cells Cells { get; } = new();

    /// <summary>What the side table has of the same rows, or the sealed values that are opened again.</summary>
    public Cells Other { get; } = new();

    public List<string> Keys { get; } = [];

    /// <summary>With a side table: whether the checksum of the row's copy holds.</summary>
    public List<bool> Sums { get; } = [];

    public static async Task<LaneSession> OpenAsync(RowsSetup setup, KeyRing? ring, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(setup.Connection.ConnectionString);
        var session = new LaneSession(connection, setup, ring);
        try
        {
            await connection.OpenAsync(cancellationToken);
            // A batch that a failing server forgets is forgotten with its lane's place, and is done again. What a slice has done is
            // made to last by FlushAsync before it is told.
            await using var command = new NpgsqlCommand(
                $"SET lock_timeout = {(long)setup.LockTimeout.TotalMilliseconds}; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET synchronous_commit = off", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>The format for a table, made once.</summary>
    public IRowFormat FormatOf(RowsTable table)
    {
        if (!_formats.TryGetValue(table.Number, out var format))
        {
            _formats.Add(table.Number, format = _setup.Open(_ring ?? throw new InvalidOperationException("This pass has no keys."), table.Texts));
        }

        return format;
    }

    /// <summary>The statement, made once; it is prepared when it first runs.</summary>
    public NpgsqlCommand Command(string sql)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            _commands.Add(sql, command = new NpgsqlCommand(sql, Connection));
        }

        return command;
    }

    public async Task<int> RunAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await PrepareAsync(command, cancellationToken);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<NpgsqlDataReader> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await PrepareAsync(command, cancellationToken);
        return await command.ExecuteReaderAsync(cancellationToken);
    }

    public async Task BeginAsync(CancellationToken cancellationToken) => _transaction = await Connection.BeginTransactionAsync(cancellationToken);

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await _transaction!.CommitAsync(cancellationToken);
        await _transaction.DisposeAsync();
        _transaction = null;
    }

    /// <summary>Gives up the transaction, if there is one.</summary>
    public async Task RollBackAsync()
    {
        if (_transaction is { } open)
        {
            _transaction = null;
            await open.DisposeAsync();
        }
    }

    /// <summary>Makes what was committed last, whatever happens to the server.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SET synchronous_commit = on; BEGIN; SELECT pg_current_xact_id(); COMMIT; SET synchronous_commit = off", Connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Cells.Dispose();
        Other.Dispose();
        foreach (var format in _formats.Values)
        {
            format.Dispose();
        }

        foreach (var command in _commands.Values)
        {
            await command.DisposeAsync();
        }

        await Connection.DisposeAsync();
    }

    private static async Task PrepareAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        if (!command.IsPrepared)
        {
            await command.PrepareAsync(cancellationToken);
        }
    }
}
