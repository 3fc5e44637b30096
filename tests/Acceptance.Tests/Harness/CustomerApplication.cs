using System.Collections.Concurrent;
using Npgsql;
using Rotunda.Testing.RealServers;
using Rotunda.Testing.StoredRows;

namespace Rotunda.Acceptance.Tests.Harness;

/// <summary>
/// An application that keeps customers' addresses under a key: it writes with the first of the two keys that its env file
/// names, and reads with both, all the time. It reads the file again when it is told to over HTTP, between two operations.
/// </summary>
internal sealed class CustomerApplication : IAsyncDisposable
{
    private const int ReadsPerBeat = 10;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(5);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _gate;
    private readonly SealedTable _table;
    private readonly string _envFile;
    private readonly int _workers;
    private readonly long _rows;
    private readonly ConsumerServer _server;
    private readonly List<Task> _running = [];
    private volatile string[] _keys = [];
    private int _disposed;
    private long _reads;
    private long _writes;

    private CustomerApplication(SealedTable table, string envFile, long rows, int workers, ConsumerServer server)
    {
        (_table, _envFile, _rows, _workers, _server) = (table, envFile, rows, workers, server);
        _gate = new SemaphoreSlim(workers, workers);
        ReadKeys();
        server.Answer = async context =>
        {
            if (context.Request.Method == "POST")
            {
                await ReloadAsync();
            }
        };
    }

    public string Address => _server.Address;

    public long Reads => Interlocked.Read(ref _reads);

    public long Writes => Interlocked.Read(ref _writes);

    /// <summary>Rows that could not be read, or did not hold what was written: there must be none.</summary>
    public ConcurrentQueue<string> Failures { get; } = new();

    /// <param name="busy">False: it only answers, and neither reads nor writes.</param>
    public static async Task<CustomerApplication> StartAsync(SealedTable table, string envFile, long rows, bool busy)
    {
        var application = new CustomerApplication(table, envFile, rows, workers: 2, await ConsumerServer.StartAsync());
        if (busy)
        {
            application._running.Add(Task.Run(() => application.LoopAsync(application.WriteAsync, perBeat: 1)));
            application._running.Add(Task.Run(() => application.LoopAsync(application.ReadAsync, ReadsPerBeat)));
        }

        return application;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        await _server.DisposeAsync();
        _stop.Dispose();
        _gate.Dispose();
    }

    /// <summary>Waits for the operations under way, so that none goes on with the keys of before.</summary>
    private async Task ReloadAsync()
    {
        for (var worker = 0; worker < _workers; worker++)
        {
            await _gate.WaitAsync();
        }

        ReadKeys();
        _gate.Release(_workers);
    }

    private void ReadKeys() =>
        _keys = [.. new[] { EnvFile.Read(_envFile, "DATA_KEY"), EnvFile.Read(_envFile, "DATA_KEY_OTHER") }.Where(key => key.Length > 0)];

    private async Task LoopAsync(Func<NpgsqlConnection, Random, Task> operation, int perBeat)
    {
        await using var connection = new NpgsqlConnection(_table.Connection);
        await connection.OpenAsync();
        using var beat = new PeriodicTimer(Beat);
        var random = new Random(7);
        for (var done = 1; !_stop.IsCancellationRequested; done++)
        {
            await _gate.WaitAsync();
            try
            {
                await operation(connection, random);
            }
            catch (NpgsqlException failure)
            {
                Failures.Enqueue(failure.Message);
            }
            finally
            {
                _gate.Release();
            }

            if (done % perBeat == 0)
            {
                await beat.WaitForNextTickAsync();
            }
        }
    }

    private async Task WriteAsync(NpgsqlConnection connection, Random random)
    {
        var number = Interlocked.Increment(ref _writes);
        var plain = $"written-{number}@shop.example.test";
        var sql = number % 10 == 0
            ? $"INSERT INTO {_table.Name} (email, hash) VALUES ($1, $2)"
            : $"UPDATE {_table.Name} SET email = $1, hash = $2, version = version + 1 WHERE id = {random.NextInt64(1, _rows + 1)}";
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Fernet.Seal(_keys[0], plain) });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = SealedTable.HashOf(plain) });
        await command.ExecuteNonQueryAsync();
    }

    private async Task ReadAsync(NpgsqlConnection connection, Random random)
    {
        var id = random.NextInt64(1, _rows + 1);
        await using var command = new NpgsqlCommand($"SELECT email, hash FROM {_table.Name} WHERE id = {id}", connection);
        await using var reader = await command.ExecuteReaderAsync();
        if (await reader.ReadAsync()
            && (Fernet.Open(_keys, reader.GetString(0)) is not { } plain || SealedTable.HashOf(plain) != reader.GetString(1)))
        {
            Failures.Enqueue($"The row {id} could not be read with {_keys.Length} keys.");
        }

        Interlocked.Increment(ref _reads);
    }
}
