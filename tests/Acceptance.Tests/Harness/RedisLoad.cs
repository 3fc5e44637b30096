using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Rotunda.Acceptance.Tests.Harness;

/// <summary>
/// An application that logs in to Redis all the time, at each node in turn: each time it reads its password from the env file, opens a
/// connection of its own and reads a key.
/// </summary>
internal sealed class RedisLoad : IAsyncDisposable
{
    /// <summary>Between two logins of a client: as fast as it goes, they would take the machine from what is tested.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);
    private readonly string _envFile;
    private readonly IReadOnlyList<int> _ports;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _workers;
    private readonly ConcurrentQueue<string> _failures = new();
    private long _logins;

    public RedisLoad(string envFile, int workers, params int[] ports)
    {
        (_envFile, _ports) = (envFile, ports);
        _workers = [.. Enumerable.Range(0, workers).Select(worker => Task.Run(() => WorkAsync(worker)))];
    }

    public long Logins => Interlocked.Read(ref _logins);

    public IReadOnlyList<string> Failures => [.. _failures];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers);
        _stop.Dispose();
    }

    private async Task WorkAsync(int worker)
    {
        using var beat = new PeriodicTimer(Beat);
        for (var turn = worker; !_stop.IsCancellationRequested; turn++)
        {
            try
            {
                await using var connection = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
                {
                    EndPoints = { { "127.0.0.1", _ports[turn % _ports.Count] } },
                    User = "app",
                    Password = EnvFile.Read(_envFile, "REDIS_PASSWORD"),
                    AbortOnConnectFail = true,
                    ConnectTimeout = 30_000,
                    AsyncTimeout = 30_000,
                    TieBreaker = "",
                    ConfigurationChannel = "",
                });
                await connection.GetDatabase().StringGetAsync("orders", CommandFlags.PreferReplica);
                Interlocked.Increment(ref _logins);
            }
            catch (RedisException failure)
            {
                _failures.Enqueue(failure.Message);
            }

            await beat.WaitForNextTickAsync();
        }
    }
}
