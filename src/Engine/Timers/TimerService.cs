using Rotunda.Engine.Options;
using Rotunda.Engine.Storage;

namespace Rotunda.Engine.Timers;

/// <summary>
/// Wakes instances whose earliest timer (or delayed start) is due, oldest first and a limited number at once, however many are due. The
/// hub holds every due time; only some of those within the horizon are held here. What goes first is woken before all others, and has as
/// many places of its own. Timers that were set while many are overdue get every second place. A wake is a hint: the instance looks at its
/// own timers, so a superfluous one does no harm.
/// </summary>
/// <param name="hasRoom">False while so many activities wait that more instances would only lie in memory.</param>
/// <param name="wake">The second is true for one that goes first.</param>
internal sealed class TimerService(
    EngineOptions options,
    ReaderPool readers,
    Func<bool> hasRoom,
    Action<long, bool> wake,
    Action<Exception> onFailure) : IDisposable
{
    /// <summary>So many are read at once.</summary>
    private const int PageSize = 4096;

    private readonly TimeProvider _clock = options.TimeProvider;
    private readonly Lock _one = new();
    private readonly Lock _gate = new();

    /// <summary>Read from the hub, up to <see cref="_loaded"/>, and those that were set since and fall due before that.</summary>
    private readonly DueQueue _stored = new();

    /// <summary>Set while many are overdue, or due after what has been read: these only while there is room, as the
    /// hub has them too.</summary>
    private readonly DueQueue _set = new();
    private readonly DueQueue _first = new();

    /// <summary>Woken, and their turn is not through.</summary>
    private readonly HashSet<long> _awake = [];
    private readonly HashSet<long> _awakeFirst = [];
    private readonly FirstScan _scan = new(options, readers);
    private ITimer? _timer;
    private (long Due, long Key) _loaded;
    private bool _setsTurn;
    private bool _asked;
    private bool _stopped;
    private bool _isFirstBehind;
    private volatile bool _isBehind;
    private volatile bool _someAwake;

    /// <summary>Loads the near horizon and begins to wake.</summary>
    public void Start()
    {
        _timer = _clock.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Tick();
    }

    /// <summary>An instance's earliest due time has changed, and the change is on disk.</summary>
    public void Set(long key, DateTimeOffset? due, bool goesFirst)
    {
        if (Volatile.Read(ref _stopped))
        {
            // What a commit tells of afterwards wakes nobody: the next start reads it from the hub.
            return;
        }

        var now = _clock.GetUtcNow();
        if (due <= now)
        {
            wake(key, goesFirst);
            return;
        }

        lock (_gate)
        {
            var queue = due is { UtcTicks: var ticks } ? QueueOf(key, ticks, (now + options.TimerHorizon).UtcTicks, goesFirst) : null;
            foreach (var other in (ReadOnlySpan<DueQueue>)[_first, _set, _stored])
            {
                if (other != queue)
                {
                    other.Remove(key);
                }
            }

            if (queue is not null)
            {
                queue.Add(key, due!.Value.UtcTicks);
                if (queue.Next == due.Value.UtcTicks)
                {
                    Arm();
                }
            }
        }
    }

    /// <summary>An instance has no turn under way any more.</summary>
    public void Idle(long key)
    {
        if (!_isBehind && !_someAwake)
        {
            return;
        }

        lock (_gate)
        {
            _awake.Remove(key);
            _awakeFirst.Remove(key);
            _someAwake = _awake.Count + _awakeFirst.Count > 0;
            var isWanted = (_isFirstBehind && _awakeFirst.Count <= options.MaxConcurrentWakes / 2)
                || (_awake.Count <= options.MaxConcurrentWakes / 2 && hasRoom());
            if (!_isBehind || _asked || _stopped || !isWanted)
            {
                return;
            }

            _asked = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static timers => timers.Tick(), this, preferLocal: false);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            _timer?.Dispose();
        }
    }

    /// <summary>Where one that has just been set is to wait; null to leave it to the hub.</summary>
    private DueQueue? QueueOf(long key, long ticks, long horizon, bool goesFirst)
    {
        var isLoaded = (ticks, key).CompareTo(_loaded) <= 0;
        return goesFirst && (isLoaded || ticks <= horizon) ? _first
            : isLoaded ? _isBehind ? _set : _stored
            : ticks <= horizon && _set.Count < PageSize ? _set
            : null;
    }

    private void Tick()
    {
        try
        {
            // One at a time, or an older page could come after a younger one.
            lock (_one)
            {
                while (!Volatile.Read(ref _stopped))
                {
                    Load();
                    var taken = TakeDue();
                    foreach (var (key, isFirst) in taken)
                    {
                        wake(key, isFirst);
                    }

                    if (taken.Count == 0)
                    {
                        break;
                    }
                }
            }

            if (_isBehind)
            {
                _scan.Begin(Found, onFailure);
            }
        }
        catch (Exception exception) when (exception is Microsoft.Data.Sqlite.SqliteException or TaskHubException)
        {
            onFailure(exception);
        }
    }

    /// <summary>Those that go first among all that the hub has within the horizon.</summary>
    /// <returns>False if no more are wanted now.</returns>
    private bool Found(List<(long Key, long DueAt)> first)
    {
        lock (_gate)
        {
            first.ForEach(one => _first.Add(one.Key, one.DueAt));
        }

        if (first.Count > 0)
        {
            Tick();
        }

        lock (_gate)
        {
            return !_stopped && _first.Count <= PageSize;
        }
    }

    /// <summary>Reads a page, if what is here runs low and the horizon is not reached.</summary>
    private void Load()
    {
        (long Due, long Key) after;
        long until;
        lock (_gate)
        {
            _asked = false;
            var now = _clock.GetUtcNow();
            if (_stopped || _stored.Count > PageSize / 2 || _loaded.Due > (now + (options.TimerHorizon / 2)).UtcTicks)
            {
                return;
            }

            // Raised before the read: a commit from here on either is seen by the read or arrives through Set.
            (after, until) = (_loaded, (now + options.TimerHorizon).UtcTicks);
            _loaded = (until, long.MaxValue);
        }

        var due = readers.Read(reader => reader.Due(after, until, PageSize));
        lock (_gate)
        {
            foreach (var (key, ticks) in due)
            {
                _stored.Add(key, ticks);
            }

            if (due.Count == PageSize)
            {
                // What was set meanwhile and lies beyond stays here, and is read once more.
                _loaded = (due[^1].DueAt, due[^1].Key);
            }
        }
    }

    private List<(long Key, bool IsFirst)> TakeDue()
    {
        var taken = new List<(long, bool)>();
        lock (_gate)
        {
            var now = _clock.GetUtcNow().UtcTicks;
            for (var room = options.MaxConcurrentWakes - _awakeFirst.Count; room > 0 && _first.TryTake(now, out var key); room--)
            {
                _awakeFirst.Add(key);
                taken.Add((key, true));
            }

            for (var room = hasRoom() ? options.MaxConcurrentWakes - _awake.Count : 0; room > 0; room--)
            {
                var (one, other) = _setsTurn ? (_set, _stored) : (_stored, _set);
                _setsTurn = !_setsTurn;
                if (!one.TryTake(now, out var key) && !other.TryTake(now, out key))
                {
                    break;
                }

                _awake.Add(key);
                taken.Add((key, false));
            }

            _someAwake = _awake.Count + _awakeFirst.Count > 0;
            _isFirstBehind = _first.Next <= now;
            _isBehind = _isFirstBehind || _stored.Next <= now || _set.Next <= now;
            Arm();
        }

        return taken;
    }

    private void Arm()
    {
        if (_stopped)
        {
            return;
        }

        // While it is behind, the end of a turn makes it go on.
        long? due = _isFirstBehind ? null : _first.Next;
        foreach (var queue in _isBehind ? (ReadOnlySpan<DueQueue>)[] : [_stored, _set])
        {
            due = queue.Next is { } next && !(due <= next) ? next : due;
        }

        var wait = options.ClockCheckInterval;
        if (due is { } first)
        {
            // Rounded up: a timer that fires a fraction of a millisecond early would find nothing due and spin.
            var untilDue = TimeSpan.FromMilliseconds(
                Math.Ceiling(TimeSpan.FromTicks(Math.Max(0, first - _clock.GetUtcNow().UtcTicks)).TotalMilliseconds));
            wait = untilDue < wait ? untilDue : wait;
        }

        _timer!.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
