using Rotunda.Engine.Storage;

namespace Rotunda.Engine.Timers;

/// <summary>
/// Wakes instances whose earliest timer (or delayed start) is due. The hub holds every due time; only those within the
/// horizon are held here. A wake is a hint: the instance looks at its own timers, so a superfluous one does no harm.
/// </summary>
internal sealed class TimerService(
    TimeProvider clock,
    ReaderPool readers,
    TimeSpan horizon,
    TimeSpan clockCheck,
    Action<long> wake,
    Action<Exception> onFailure) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<long, long> _queue = new();
    private readonly Dictionary<long, long> _dueOf = [];
    private ITimer? _timer;
    private long _loadedUntil;
    private bool _stopped;

    /// <summary>Loads the near horizon and begins to wake.</summary>
    public void Start()
    {
        _timer = clock.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Tick();
    }

    /// <summary>An instance's earliest due time has changed, and the change is on disk.</summary>
    public void Set(long key, DateTimeOffset? due)
    {
        if (due <= clock.GetUtcNow())
        {
            wake(key);
            return;
        }

        lock (_gate)
        {
            if (due is not { UtcTicks: var ticks } || ticks > _loadedUntil)
            {
                _dueOf.Remove(key);
                return;
            }

            if (Add(key, ticks) && _queue.TryPeek(out var first, out _) && first == key)
            {
                Arm();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            _timer?.Dispose();
        }
    }

    private void Tick()
    {
        try
        {
            LoadHorizon();
            foreach (var key in TakeDue())
            {
                wake(key);
            }
        }
        catch (Exception exception) when (exception is Microsoft.Data.Sqlite.SqliteException or TaskHubException)
        {
            onFailure(exception);
        }
    }

    private void LoadHorizon()
    {
        long after, until;
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_stopped || _loadedUntil > (now + (horizon / 2)).UtcTicks)
            {
                return;
            }

            // Raised before the read: a commit from here on either is seen by the read or arrives through Set.
            (after, until) = (_loadedUntil, (now + horizon).UtcTicks);
            _loadedUntil = until;
        }

        var due = readers.Read(reader => reader.Due(after, until));
        lock (_gate)
        {
            foreach (var (key, ticks) in due)
            {
                Add(key, ticks);
            }
        }
    }

    private List<long> TakeDue()
    {
        var taken = new List<long>();
        lock (_gate)
        {
            var now = clock.GetUtcNow().UtcTicks;
            while (_queue.TryPeek(out var key, out var due) && due <= now)
            {
                _queue.Dequeue();
                if (_dueOf.TryGetValue(key, out var current) && current == due)
                {
                    _dueOf.Remove(key);
                    taken.Add(key);
                }
            }

            Arm();
        }

        return taken;
    }

    private bool Add(long key, long due)
    {
        if (_dueOf.TryGetValue(key, out var current) && current == due)
        {
            return false;
        }

        _dueOf[key] = due;
        _queue.Enqueue(key, due);
        return true;
    }

    private void Arm()
    {
        if (_stopped)
        {
            return;
        }

        var wait = clockCheck;
        if (_queue.TryPeek(out _, out var due))
        {
            // Rounded up: a timer that fires a fraction of a millisecond early would find nothing due and spin.
            var untilDue = TimeSpan.FromMilliseconds(
                Math.Ceiling(TimeSpan.FromTicks(Math.Max(0, due - clock.GetUtcNow().UtcTicks)).TotalMilliseconds));
            wait = untilDue < wait ? untilDue : wait;
        }

        _timer!.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
