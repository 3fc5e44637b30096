using Npgsql;
using Rotunda.Reencryption.Formats;
using Rotunda.Reencryption.Tables;

namespace Rotunda.Reencryption.Passes;

/// <summary>One connection at work, with its prepared statements, and the room for the batch in its hands.</summary>
internal sealed class LaneSession : IAsyncDisposable
{
    private readonly Dictionary<string, NpgsqlCommand> _commands = new(StringComparer.Ordinal);
    private readonly Dictionary<int, IRowFormat> _formats = [];
    private readonly RowsSetup _setup;
    private readonly KeyRing? _ring;
    private NpgsqlTransaction? _transaction;

    private LaneSession(NpgsqlConnection connection, RowsSetup setup, KeyRing? ring) =>
        (Connection, _setup, _ring) = (connection, setup, ring);

    public NpgsqlConnection Connection { get; }

    public Cells Cells { get; } = new();

    /// <summary>What the side table has of the same rows, or the sealed values that are opened again.</summary>
    public Cells Other { get; } = new();

    public List<string> Keys { get; } = [];

    /// <summary>How many rows of the last page fitted; a page is at most twice as many.</summary>
    public int Fitting { get; set; } = int.MaxValue / 4;

    /// <summary>With a side table: whether the checksum of the row's copy holds.</summary>
    public List<bool> Sums { get; } = [];

    public static async Task<LaneSession> OpenAsync(RowsSetup setup, KeyRing? ring, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(setup.Connection.ConnectionString);
        var session = new LaneSession(connection, setup, ring);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await SessionSettings.LaneAsync(connection, setup.LockTimeout, cancellationToken);
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
            _formats.Add(
                table.Number,
                format = _setup.Open(_ring ?? throw new InvalidOperationException("This pass has no keys."), table.Texts));
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

    public async Task BeginAsync(CancellationToken cancellationToken) =>
        _transaction = await Connection.BeginTransactionAsync(cancellationToken);

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

    /// <summary>Writes something into the log of the server without changing anything; set once this session has committed a
    /// batch.</summary>
    public Func<CancellationToken, Task>? Touch { get; set; }

    /// <summary>Makes what was committed last, whatever happens to the server: a commit that is waited for makes those before it last
    /// too, here and at standbys that are waited for. It has to write, or the server would not wait for it either.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (Touch is null)
        {
            return;
        }

        await BeginAsync(cancellationToken);
        await using (var wait = new NpgsqlCommand("SET LOCAL synchronous_commit = on", Connection))
        {
            await wait.ExecuteNonQueryAsync(cancellationToken);
        }

        await Touch(cancellationToken);
        await CommitAsync(cancellationToken);
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
