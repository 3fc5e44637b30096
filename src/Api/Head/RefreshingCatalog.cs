using Microsoft.Extensions.Logging;
using Rotunda.Activities;
using Rotunda.Api.Desk;
using Rotunda.Calendar.Feeds;
using Rotunda.CatalogFiles;
using Rotunda.Providers.Stores.Head;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Api.Head;

/// <summary>The catalog in force. A change is taken if it is valid; a broken or unreadable one leaves the last good one in force.</summary>
public sealed partial class RefreshingCatalog(
    ICatalogText source,
    ActivitiesOptions options,
    TimeProvider time,
    ILogger<RefreshingCatalog> logger,
    FreezeCalendar? freezes = null) : ICatalogSource, IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private volatile RotationCatalog? _current;
    private volatile bool _broken;
    private CatalogReading? _read;
    private string? _seen;
    private string? _taken;
    private string? _told;
    private DateTimeOffset _lookedAt = DateTimeOffset.MinValue;

    /// <summary>With the change freezes that its feeds tell.</summary>
    public RotationCatalog? Current => freezes is null ? _current : freezes.Resolve(_current);

    /// <summary>True if what stands at the source is not the catalog in force, because it is broken or cannot be read.</summary>
    public bool IsBroken => _broken;

    public string? Problem => _broken ? _told : null;

    /// <summary>Puts a catalog in force that was read already, for a head that starts only with a good one.</summary>
    public void Begin(CatalogReading first) => (_current, _read, _seen, _taken) = (first.Catalog, first, first.Seen, first.Seen);

    /// <summary>Reads the feeds of change freezes whose turn it is.</summary>
    public Task ReadFeedsAsync(CancellationToken cancellationToken) =>
        freezes?.RefreshAsync(_current, cancellationToken) ?? Task.CompletedTask;

    /// <summary>Looks for a change, unless somebody looked within that time.</summary>
    public async Task RefreshAsync(TimeSpan unlessWithin, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() - _lookedAt < unlessWithin)
        {
            return;
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            if (time.GetUtcNow() - _lookedAt >= unlessWithin)
            {
                await LookAsync(_seen, cancellationToken);
                _lookedAt = time.GetUtcNow();
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Reads it again whether it has changed or not, because somebody asked; what came of it is logged in any case.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            _told = null;
            await LookAsync(seen: null, cancellationToken);
            _lookedAt = time.GetUtcNow();
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task LookAsync(string? seen, CancellationToken cancellationToken)
    {
        try
        {
            if (await source.ReadAsync(seen, cancellationToken) is { } text)
            {
                _seen = text.Seen;
                Take(_read = CatalogLoader.Read(
                    text,
                    source.Name,
                    source.Folder,
                    HeadStoreOptions.StoresOf(options.DataDirectory is not null, options.Environment),
                    _read));
            }
            else if (_told is not null && _taken == _seen)
            {
                // It could not be read for a while, and has not changed.
                Mend();
            }
        }
        catch (CatalogUnreadableException problem)
        {
            Break($"{source.Name}: {problem.Message}");
        }
    }

    private void Take(CatalogReading reading)
    {
        if (reading.Catalog is not { } catalog)
        {
            Break(string.Join(Environment.NewLine, reading.Problems));
            return;
        }

        var change = CatalogChange.InWords(_current, catalog);
        (_current, _taken) = (catalog, _seen);
        Mend();
        LogTaken(change, catalog.Policies.Count, catalog.Hash, catalog.Version);
    }

    private void Mend() => (_broken, _told) = (false, null);

    private void Break(string problem)
    {
        _broken = true;
        if (_told != problem)
        {
            _told = problem;
            LogBroken(problem);
        }
    }

    [LoggerMessage(
        EventId = 5001,
        Level = LogLevel.Information,
        Message = "The catalog was read and is in force ({Change}): secrets {Count}, hash {Hash}, version {Version}")]
    private partial void LogTaken(string change, int count, string hash, string? version);

    [LoggerMessage(
        EventId = 5002,
        Level = LogLevel.Error,
        Message = "The catalog cannot be used; the last good one, if any, stays in force.\n{Problems}")]
    private partial void LogBroken(string problems);
}
