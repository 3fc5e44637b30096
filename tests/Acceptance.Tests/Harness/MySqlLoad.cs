using System.Collections.Concurrent;
using MySqlConnector;

namespace Rotunda.Acceptance.Tests.Harness;

/// <summary>An application that logs in to MariaDB all the time: each time it reads its connection string from the env file, opens a
/// connection of its own and reads a row.</summary>
internal sealed class MySqlLoad : IAsyncDisposable
{
    /// <summary>Between two logins of a client: as fast as it goes, they would take the machine from what is tested.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);
    private readonly string _envFile;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _workers;
    private readonly ConcurrentQueue<string> _failures = new();
    private long _logins;

    public MySqlLoad(string envFile, int workers)
    {
        _envFile = envFile;
        _workers = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(WorkAsync))];
    }

    public long Logins => Interlocked.Read(ref _logins);

    public IReadOnlyList<string> Failures => [.. _failures];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers);
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        using var beat = new PeriodicTimer(Beat);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var login = EnvFile.Read(_envFile, "DATABASE");
                await using var connection = new MySqlConnection(login + ";Pooling=false;ConnectionTimeout=30");
                await connection.OpenAsync();
                await using var command = new MySqlCommand("SELECT COUNT(*) FROM shop.orders", connection);
                await command.ExecuteScalarAsync();
                Interlocked.Increment(ref _logins);
            }
            catch (MySqlException failure)
            {
                _failures.Enqueue(failure.Message);
            }

            await beat.WaitForNextTickAsync();
        }
    }
}
