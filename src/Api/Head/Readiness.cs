using Microsoft.Extensions.Logging;
using Rotunda.Api.Http;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;

namespace Rotunda.Api.Head;

/// <summary>Looks at each part. The last look is kept for a second: anyone may ask, and a look costs a write.</summary>
public sealed partial class Readiness(
    ILedger ledger,
    IEnumerable<ISecretStore> stores,
    IEngineProbe engine,
    RefreshingCatalog catalog,
    TimeProvider time,
    ILogger<Readiness> logger) : IReadiness, IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _one = new(1);
    private volatile bool _started;
    private long _lookedAt;
    private IReadOnlyDictionary<string, string>? _last;

    /// <summary>True once the parts run; requests are turned away before.</summary>
    public bool Started
    {
        get => _started;
        set => _started = value;
    }

    public async Task<IReadOnlyDictionary<string, string>> CheckAsync(CancellationToken cancellationToken)
    {
        if (!_started)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal) { ["server"] = "starting" };
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_last is null || time.GetElapsedTime(_lookedAt) > Fresh)
            {
                _last = await LookAsync(cancellationToken);
                _lookedAt = time.GetTimestamp();
            }

            return _last;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<IReadOnlyDictionary<string, string>> LookAsync(CancellationToken cancellationToken) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ledger"] = await TryAsync("ledger", () => ledger.CheckAsync(cancellationToken)),
            ["store"] = await TryAsync("store", () => Task.WhenAll(stores.Select(store => store.CheckAsync(cancellationToken)))),
            ["engine"] = await TryAsync("engine", () => engine.CheckAsync(cancellationToken)),
            ["catalog"] = (catalog.Current, catalog.IsBroken) switch
            {
                (null, _) => "none",
                (_, true) => "broken, last good one in force",
                _ => "ok",
            },
        };

    private async Task<string> TryAsync(string part, Func<Task> check)
    {
        try
        {
            await check();
            return "ok";
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // The word goes out, the details to the log.
            LogNotReady(problem, part);
            return "failed";
        }
    }

    [LoggerMessage(EventId = 5011, Level = LogLevel.Error, Message = "The {Part} is not ready")]
    private partial void LogNotReady(Exception problem, string part);
}

/// <summary>The engine's health.</summary>
public interface IEngineProbe
{
    /// <summary>Throws with what is wrong, if anything is.</summary>
    Task CheckAsync(CancellationToken cancellationToken);
}
