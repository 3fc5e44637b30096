using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rotunda.Engine.Dispatch;
using Rotunda.Engine.History;
using Rotunda.Engine.Options;
using Rotunda.Engine.Storage;
using Rotunda.Engine.Telemetry;
using Rotunda.Engine.Timers;
using Rotunda.Files;
using Rotunda.Orchestration;

namespace Rotunda.Engine;

/// <summary>
/// The embedded durable engine: runs the registered orchestrations and activities over one task hub, an SQLite file that
/// one process owns. Started once and stopped once; <see cref="Client"/> works in between.
/// </summary>
public sealed class DurableEngine : IAsyncDisposable
{
    private readonly EngineOptions _options;
    private readonly TaskRegistry _registry;
    private readonly PayloadSerializer _serializer;
    private readonly ILogger _logger;
    private HubLock? _lock;
    private Dispatcher? _dispatcher;
    private volatile EngineHealth _health = new(EngineState.NotStarted);

    public DurableEngine(EngineOptions options, TaskRegistry registry, PayloadSerializer serializer, ILogger<DurableEngine>? logger = null)
    {
        _options = options;
        _registry = registry;
        _serializer = serializer;
        _logger = logger ?? NullLogger<DurableEngine>.Instance;
        Client = new EngineClient(() => _dispatcher ?? throw new TaskHubException(
            _health.State == EngineState.NotStarted
                ? "The engine has not been started. Start it before it is asked."
                : "The engine has stopped. Start the server again."));
    }

    /// <summary>For a readiness probe. Failed means that the hub could not be written: nothing runs until a restart.</summary>
    public EngineHealth Health => _health;

    /// <summary>Works while the engine runs; before and after, its calls throw <see cref="TaskHubException"/>.</summary>
    public IOrchestrationClient Client { get; }

    /// <summary>Opens the hub, takes up what was under way, and tries again what is stuck.</summary>
    /// <exception cref="TaskHubException">The hub is in use, was written by a newer version, is corrupt, or cannot be read.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (_health.State != EngineState.NotStarted)
        {
            throw new InvalidOperationException("An engine is started once. Make a new one.");
        }

        _dispatcher = Open();
        _health = new EngineHealth(EngineState.Running);
        try
        {
            _dispatcher.Timers.Start();
            var recovered = await RecoverAsync(_dispatcher, cancellationToken);
            ThrowIfFailed();
            var open = _dispatcher.Readers.Read(reader => reader.CountOpen());
            EngineLog.Started(_logger, _options.HubPath, open, recovered);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A hub that can be opened and then not read: half an engine would take calls and do nothing.
            _health = new EngineHealth(EngineState.Failed, exception.Message);
            Abandon();
            throw;
        }
    }

    /// <summary>Stops gracefully: starts nothing new, gives running activities the budget, writes what is done.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _dispatcher, null) is not { } dispatcher)
        {
            return;
        }

        dispatcher.Timers.Dispose();
        dispatcher.Recovery.Stop();
        await dispatcher.Activities.StopAsync(_options.StopBudget);
        await dispatcher.DrainAsync(_options.StopBudget);
        Close(dispatcher, new TaskHubException("The engine has stopped. Start the server again."));
        EngineLog.Stopped(_logger, _options.HubPath);
    }

    /// <summary>Stops like a crash: what is not on disk is lost. For tests of recovery.</summary>
    public void Abandon()
    {
        if (Interlocked.Exchange(ref _dispatcher, null) is { } dispatcher)
        {
            dispatcher.Timers.Dispose();
            dispatcher.Recovery.Stop();
            dispatcher.Commits.Abandon();
            Close(dispatcher, new TaskHubException("The engine was abandoned. Start the server again."));
        }
    }

    /// <summary>Copies the hub as of one commit, while the engine runs or not. <see cref="HubBackup"/> does the same from another
    /// process.</summary>
    /// <param name="path">Must not exist; its folder must.</param>
    /// <exception cref="TaskHubException">The copy cannot be written. Nothing is left at the path, and the engine goes on.</exception>
    public Task BackupAsync(string path, CancellationToken cancellationToken = default) =>
        HubBackup.CopyAsync(_options.HubPath, path, cancellationToken);

    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>The present generation's history of an instance, to be kept as a golden history; null if there is no such
    /// instance.</summary>
    public HistoryFile? ExportHistory(string instanceId) => _dispatcher?.Readers.Read(reader =>
    {
        var row = reader.KeyOf(instanceId) is { } key ? reader.Load(key) : null;
        return row is null ? null : new HistoryFile
        {
            InstanceId = row.Id,
            Name = row.Name,
            Generation = row.Generation,
            Input = row.Input,
            Turns = [.. reader.Turns(row.Key)],
        };
    });

    private Dispatcher Open()
    {
        _lock = HubLock.Take(_options.HubPath);
        var readers = new ReaderPool(_options.HubPath);
        CommitLoop? commits = null;
        try
        {
            var metrics = new EngineMetrics();
            commits = new CommitLoop(OpenWriter(), metrics, _options.CrashPoint, Fail);
            var dispatcher =
                new Dispatcher(_options, _registry, _serializer, _logger, Fail) { Metrics = metrics, Readers = readers, Commits = commits };
            dispatcher.Activities = new ActivityRunner(
                _registry, _serializer, metrics, _options.MaxConcurrentActivities, _options.MoreForFirst, dispatcher.Post);
            dispatcher.Recovery = new Recovery(
                _options.MaxConcurrentWakes, () => dispatcher.Activities.HasRoom, (key, isFirst) => WakeUp(dispatcher, key, isFirst));
            dispatcher.Activities.Start(readers.Read(reader => reader.HubId()));
            dispatcher.Timers = new TimerService(
                _options, readers, () => dispatcher.Activities.HasRoom, (key, isFirst) => WakeUp(dispatcher, key, isFirst), Fail);
            // Before anybody can reach an instance: whoever does is to recover it.
            var (first, others) = readers.Read(reader => reader.KeysToRecover(_options.GoesFirst));
            dispatcher.Recovery.Expect(first, others);
            return dispatcher;
        }
        catch (Exception exception)
        {
            commits?.Dispose();
            readers.Dispose();
            _lock.Dispose();
            if (exception is SqliteException)
            {
                throw new TaskHubException(
                    $"The task hub '{_options.HubPath}' cannot be opened: {exception.Message} Check its folder "
                        + "and its disk, or restore a backup (docs/backup.md).",
                    exception);
            }

            throw;
        }
    }

    private static void WakeUp(Dispatcher dispatcher, long key, bool isFirst)
    {
        using var lane = isFirst ? FastLane.Enter() : null;
        dispatcher.Post(key, Wake.Instance);
    }

    private HubWriter OpenWriter()
    {
        HubFile.Check(_options.HubPath);
        var connection = SqliteFile.Open(_options.HubPath);
        try
        {
            HubSchema.Prepare(connection, _options.HubPath);
            connection.Run($"PRAGMA wal_autocheckpoint=4000; PRAGMA max_page_count={_options.MaxPages ?? uint.MaxValue - 1};");
            return new HubWriter(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private async Task<int> RecoverAsync(Dispatcher dispatcher, CancellationToken cancellationToken)
    {
        var stuck = dispatcher.Readers.Read(reader => reader.StuckKeys());
        dispatcher.Recovery.Go();
        // Awaited, so that a state read after the start tells whether the present code fits.
        foreach (var some in stuck.Chunk(_options.MaxConcurrentWakes))
        {
            var tried = Array.ConvertAll(some, key =>
            {
                var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                dispatcher.Post(key, new Recover(done));
                return done.Task;
            });
            await Task.WhenAll(tried).WaitAsync(cancellationToken);
        }

        return dispatcher.Recovery.Expected + stuck.Count;
    }

    private void Fail(Exception exception)
    {
        if (_dispatcher is not { } dispatcher)
        {
            // Stopped already: a late reader of a closed hub is no news.
            return;
        }

        var failure = exception as TaskHubException ?? new TaskHubException(
            $"The engine cannot go on: {exception.Message} See the "
                + "server's log, and start it again.",
            exception);
        _health = new EngineHealth(EngineState.Failed, failure.Message);
        EngineLog.Failed(_logger, _options.HubPath, failure);
        dispatcher.Commits.Refuse(failure);
        dispatcher.Timers.Dispose();
        dispatcher.Recovery.Stop();
        dispatcher.Waiters.FailAll(failure);
    }

    private void ThrowIfFailed()
    {
        if (_health is { State: EngineState.Failed, Reason: var reason })
        {
            throw new TaskHubException(reason!);
        }
    }

    private void Close(Dispatcher dispatcher, TaskHubException reason)
    {
        if (_health.State == EngineState.Running)
        {
            _health = new EngineHealth(EngineState.Stopped);
        }

        dispatcher.Commits.Dispose();
        dispatcher.Waiters.FailAll(reason);
        dispatcher.Activities.Dispose();
        dispatcher.Readers.Dispose();
        dispatcher.Metrics.Dispose();
        _lock?.Dispose();
    }
}
