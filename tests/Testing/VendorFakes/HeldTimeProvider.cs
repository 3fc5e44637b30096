using System.Collections.Concurrent;

namespace Rotunda.Testing.VendorFakes;

/// <summary>
/// The system's time, but a timeout fires only when <see cref="Release"/> says so, and a short pause (up to 5 seconds, between
/// two looks at a system) is over at once: so no test waits for a vendor that never answers.
/// </summary>
public sealed class HeldTimeProvider : TimeProvider
{
    private static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(5);
    private ConcurrentBag<Held> _held = [];
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    /// <summary>The clock shows the short pauses, too.</summary>
    public bool ShowsPauses { get; set; }

    /// <summary>Lets this much time pass, for whoever looks at the clock.</summary>
    public void Advance(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime <= ShortPause && dueTime != Timeout.InfiniteTimeSpan)
        {
            Advance(ShowsPauses ? dueTime : TimeSpan.Zero);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }

        var held = new Held(callback, state);
        _held.Add(held);
        return held;
    }

    /// <summary>Lets every timeout that was set until now pass.</summary>
    public void Release()
    {
        // Those that are set while these fire, by a next attempt say, are not among them.
        foreach (var held in Interlocked.Exchange(ref _held, []))
        {
            held.Fire();
        }
    }

    private sealed class Held(TimerCallback callback, object? state) : ITimer
    {
        private int _done;

        public void Fire()
        {
            if (Interlocked.Exchange(ref _done, 1) == 0)
            {
                callback(state);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                Interlocked.Exchange(ref _done, 1);
            }

            return true;
        }

        public void Dispose() => Interlocked.Exchange(ref _done, 1);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
