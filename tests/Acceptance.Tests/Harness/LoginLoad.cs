using System.Collections.Concurrent;
using Npgsql;

namespace Rotunda.Acceptance.Tests.Harness;

/// <summary>One login that was refused.</summary>
/// <param name="Used">The line of the env file that the client had read.</param>
/// <param name="StaleAtFailure">True if the file held something else by the time the login failed.</param>
internal sealed record FailedLogin(string Used, bool StaleAtFailure, string Message);

/// <summary>
/// An application that logs in to PostgreSQL all the time: each time it reads its connection string from the env file, opens
/// a connection of its own and runs one query.
/// </summary>
internal sealed class LoginLoad : IAsyncDisposable
{
    /// <summary>
    /// Between two logins of a client. Each costs a process and 4096 hashes: as fast as it goes, they would take the machine from what is
    /// tested.
    /// </summary>
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);
    private readonly string _envFile;
    private readonly string _key;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _workers = [];
    private readonly ConcurrentQueue<FailedLogin> _failures = new();
    private long _logins;

    public LoginLoad(string envFile, string key, int workers)
    {
        _envFile = envFile;
        _key = key;
        for (var i = 0; i < workers; i++)
        {
            _workers.Add(Task.Run(WorkAsync));
        }
    }

    public long Logins => Interlocked.Read(ref _logins);

    public IReadOnlyList<FailedLogin> Failures => [.. _failures];

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
            var used = ReadConnectionString();
            try
            {
                await using var connection = new NpgsqlConnection(used + ";Pooling=false;Timeout=30");
                await connection.OpenAsync();
                await using var command = new NpgsqlCommand("SELECT 1", connection);
                await command.ExecuteScalarAsync();
                Interlocked.Increment(ref _logins);
            }
            catch (NpgsqlException failure)
            {
                _failures.Enqueue(new FailedLogin(used, ReadConnectionString() != used, failure.Message));
            }

            await beat.WaitForNextTickAsync();
        }
    }

    private string ReadConnectionString() => EnvFile.Read(_envFile, _key);
}
