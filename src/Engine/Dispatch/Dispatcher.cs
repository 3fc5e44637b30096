using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Rotunda.Engine.Options;
using Rotunda.Engine.Storage;
using Rotunda.Engine.Telemetry;
using Rotunda.Engine.Timers;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Dispatch;

/// <summary>
/// Knows every instance that is in memory and brings messages to it, loading it first if it is not. Idle instances stay
/// while the cache has room, the least recently used leave first.
/// </summary>
internal sealed class Dispatcher(
    EngineOptions options,
    TaskRegistry registry,
    PayloadSerializer serializer,
    ILogger logger,
    Action<Exception> fault)
{
    private readonly ConcurrentDictionary<long, InstanceActor> _actors = new();
    private readonly ConcurrentDictionary<string, InstanceActor> _underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, long> _inboxReadUpTo = new();
    private readonly LinkedList<InstanceActor> _idle = [];
    private readonly Lock _idleGate = new();
    private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _busy;
    private volatile bool _draining;

    public TaskRegistry Registry => registry;

    public PayloadSerializer Serializer => serializer;

    public TimeProvider Clock => options.TimeProvider;

    public CompletionWaiters Waiters { get; } = new();

    public required EngineMetrics Metrics { get; init; }

    public required ReaderPool Readers { get; init; }

    public required CommitLoop Commits { get; init; }

    public TimerService Timers { get; set; } = null!;

    public ActivityRunner Activities { get; set; } = null!;

    public Recovery Recovery { get; set; } = null!;

    /// <summary>Holds a new instance, so that its first turn has not to read its row. To be called while nobody else can know of it: its
    /// row is written, and its commit is not on disk.</summary>
    public void Hold(InstanceRow row)
    {
        var actor = new InstanceActor(row.Key, this) { Row = row };
        _actors.TryAdd(row.Key, actor);
        _underWay[row.Id] = actor;
    }

    /// <summary>True if the instance is held and has neither ended nor been found stuck: its end will be announced. False says
    /// nothing.</summary>
    public bool IsUnderWay(string instanceId) => _underWay.ContainsKey(instanceId);

    public void Post(long key, Message message) => Post(key, message, here: false);

    /// <param name="here">The turn may run on this thread, which does nothing else any more.</param>
    public void Post(long key, Message message, bool here)
    {
        while (!_actors.GetOrAdd(key, static (k, dispatcher) => new InstanceActor(k, dispatcher), this).TryPost(message, here))
        {
            // That actor has just been retired: who retired it takes it out of the dictionary next, a few instructions later.
            Thread.Yield();
        }
    }

    /// <summary>Whether the instance's activities and timers go ahead of those that wait.</summary>
    public bool GoesFirst(string name, string? input) => SaysFirst(name, input) == true;

    /// <summary>As <see cref="GoesFirst"/>; null where the options tell of none.</summary>
    public bool? SaysFirst(string name, string? input) => options.GoesFirst?.Invoke(name, input);

    public void Fault(Exception exception) => fault(exception);

    /// <summary>Reads an instance's inbox, and remembers how far: the same messages may be on their way to its mailbox.</summary>
    public List<InboxRow> ReadInbox(long key)
    {
        var rows = Readers.Read(reader => reader.Inbox(key));
        if (rows.Count > 0)
        {
            _inboxReadUpTo[key] = rows[^1].Id;
        }

        return rows;
    }

    public bool InboxWasReadUpTo(long key, long id) => _inboxReadUpTo.TryGetValue(key, out var upTo) && id <= upTo;

    /// <summary>Tells those who wait for the instance.</summary>
    /// <param name="state">As the disk has it; null to read it there.</param>
    public void Announce(string instanceId, long key, bool ended, OrchestrationState? state)
    {
        _underWay.TryRemove(instanceId, out _);
        if (ended)
        {
            _inboxReadUpTo.TryRemove(key, out _);
        }

        try
        {
            Waiters.Notify(instanceId, () => state ?? Readers.Read(reader => reader.Get(instanceId, withPayloads: true)));
        }
        catch (Exception exception) when (exception is TaskHubException or Microsoft.Data.Sqlite.SqliteException)
        {
            // Closed in the meantime (then this is ignored), or unreadable.
            Fault(exception);
        }
    }

    public void ReportStuck(string instanceId, string reason)
    {
        EngineLog.Stuck(logger, instanceId, reason);
        Metrics.Stuck();
    }

    public void NoteBusy() => Interlocked.Increment(ref _busy);

    /// <summary>The instance has nothing to do. It stays in memory if there is room, unless it has ended.</summary>
    public void NoteIdle(InstanceActor actor)
    {
        List<InstanceActor>? leaving = null;
        lock (_idleGate)
        {
            if (actor.Idle?.List is not null)
            {
                _idle.Remove(actor.Idle);
            }

            if (actor.Row is null || actor.Row.HasEnded || options.InstanceCacheSize == 0)
            {
                leaving = [actor];
            }
            else
            {
                _idle.AddLast(actor.Idle ??= new LinkedListNode<InstanceActor>(actor));
                while (_idle.Count > options.InstanceCacheSize)
                {
                    (leaving ??= []).Add(_idle.First!.Value);
                    _idle.RemoveFirst();
                }
            }
        }

        leaving?.ForEach(Retire);
        Timers.Idle(actor.Key);
        Recovery.Idle(actor.Key);
        NoteQuiet();
    }

    /// <summary>Its commit failed, and with it the engine.</summary>
    public void NoteFailed(InstanceActor actor)
    {
        Forget(actor);
        NoteQuiet();
    }

    /// <summary>Waits until no instance has a turn under way, or the budget is spent.</summary>
    public async Task DrainAsync(TimeSpan budget)
    {
        _draining = true;
        if (Volatile.Read(ref _busy) > 0)
        {
            await Task.WhenAny(_quiet.Task, Task.Delay(budget, TimeProvider.System));
        }
    }

    private void Retire(InstanceActor actor)
    {
        // A busy one comes back here when it is idle again.
        if (actor.TryRetire())
        {
            Forget(actor);
        }
    }

    private void Forget(InstanceActor actor)
    {
        _actors.TryRemove(new KeyValuePair<long, InstanceActor>(actor.Key, actor));
        if (actor.Row is { } row)
        {
            _underWay.TryRemove(new KeyValuePair<string, InstanceActor>(row.Id, actor));
        }
    }

    private void NoteQuiet()
    {
        if (Interlocked.Decrement(ref _busy) == 0 && _draining)
        {
            _quiet.TrySetResult();
        }
    }
}
