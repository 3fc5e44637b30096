using Rotunda.Testing.Time;

namespace Rotunda.World.Tests;

/// <summary>
/// What is to happen, and when: by true time, which only goes on, or by what the clock of Rotunda's machine shows, which may jump. A
/// durable timer goes by that clock; a vendor does not.
/// </summary>
internal sealed class WorldAgenda(DateTimeOffset start)
{
    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> _byTime = new();
    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> _byClock = new();
    private long _order;

    public ManualTimeProvider Clock { get; } = new(start);

    /// <summary>What every right clock shows.</summary>
    public DateTimeOffset True => start.AddTicks(Clock.GetTimestamp());

    /// <summary>What the clock of Rotunda's machine shows.</summary>
    public DateTimeOffset Wall => Clock.GetUtcNow();

    public TimeSpan ClockOffset => Wall - True;

    public void At(DateTimeOffset at, Action action) => _byTime.Enqueue(action, (at, _order++));

    /// <summary>By the clock of the machine, whatever it shows by then.</summary>
    public void AtWall(DateTimeOffset at, Action action) => _byClock.Enqueue(action, (at, _order++));

    /// <summary>When something happens next, in true time.</summary>
    /// <param name="isUnderWay">An activity is, and may be given up when its own timer fires.</param>
    public DateTimeOffset Next(bool isUnderWay)
    {
        var next = _byTime.TryPeek(out _, out var due) ? due.At : DateTimeOffset.MaxValue;
        next = _byClock.TryPeek(out _, out var timer) && timer.At - ClockOffset is var fires && fires < next ? fires : next;
        if (isUnderWay && Clock.NextDue is { } over && over - ClockOffset < next)
        {
            next = over - ClockOffset;
        }

        return next > True ? next : True;
    }

    /// <summary>Lets time pass until then.</summary>
    public void Go(DateTimeOffset to) => Clock.AdvanceTo(to + ClockOffset);

    /// <summary>What is due now; null if nothing is.</summary>
    public Action? Take() =>
        _byClock.TryPeek(out _, out var timer) && timer.At <= Wall ? _byClock.Dequeue()
        : _byTime.TryPeek(out _, out var due) && due.At <= True ? _byTime.Dequeue()
        : null;
}
