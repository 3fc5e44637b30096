namespace Rotunda.Testing.Time;

/// <summary>
/// A clock that moves only when told to. Timers fire inside <see cref="Advance"/>, on the caller's thread, in the order
/// of their due times, and each sees the clock at its own due time.
/// </summary>
/// <remarks>
/// FakeTimeProvider of the packages is no match: its timers see the end of the advance, run on the thread that sets them where
/// they are due at once, move along with a clock that is set, and do not tell when the next one is due.
/// </remarks>
public sealed class ManualTimeProvider(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _elapsed;
    private DateTimeOffset _now = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    /// <summary>The monotonic clock: it goes on with the wall clock, and does not jump with it.</summary>
    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _elapsed.Ticks;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock forward, firing what falls due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        AdvanceTo(GetUtcNow() + by);
    }

    /// <summary>When the next timer falls due; null if none is set.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count == 0 ? null : _timers.Min(timer => timer.Due);
            }
        }
    }

    /// <summary>Moves the clock forward to a moment. A moment in the past only fires what is due already.</summary>
    public void AdvanceTo(DateTimeOffset moment)
    {
        while (TakeNextDue(moment) is { } timer)
        {
            timer.Fire();
        }

        lock (_gate)
        {
            GoTo(moment);
        }
    }

    /// <summary>Sets the clock without firing anything: a jump, also backwards, as an operator or NTP makes it.</summary>
    public void Jump(DateTimeOffset to)
    {
        lock (_gate)
        {
            _now = to;
        }
    }

    private void GoTo(DateTimeOffset moment)
    {
        if (moment > _now)
        {
            _elapsed += moment - _now;
            _now = moment;
        }
    }

    private ManualTimer? TakeNextDue(DateTimeOffset until)
    {
        lock (_gate)
        {
            var next = _timers.Where(t => t.Due <= until).MinBy(t => t.Due);
            if (next is null)
            {
                return null;
            }

            GoTo(next.Due);
            if (next.Period > TimeSpan.Zero)
            {
                next.Due += next.Period;
            }
            else
            {
                _timers.Remove(next);
            }

            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime == TimeSpan.Zero)
                {
                    // As a real timer: at once, and not on the thread that sets it.
                    ThreadPool.QueueUserWorkItem(_ => Fire());
                    dueTime = period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan;
                }

                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock._now + dueTime;
                    Period = period;
                    clock._timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
