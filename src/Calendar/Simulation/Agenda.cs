namespace Rotunda.Calendar.Simulation;

/// <summary>What kind of thing happens next.</summary>
internal enum Happening
{
    /// <summary>A run's new credential is in use.</summary>
    Promote,
    /// <summary>A run is over.</summary>
    End,
    /// <summary>A person starts a rotation.</summary>
    ByPerson,
    /// <summary>A secret leaks.</summary>
    Emergency,
    /// <summary>The server looks at everything.</summary>
    LookAtAll,
    /// <summary>The server looks at one secret.</summary>
    Look,
    /// <summary>It is asked whether a secret has let a chance pass.</summary>
    Check,
}

/// <param name="Run">Of a promotion or an end.</param>
/// <param name="Version">Of the secret, for a check: what has happened since makes it void.</param>
internal sealed record AgendaItem(Happening Kind, SimulatedSecret? Secret, SimulatedRun? Run = null, int Version = 0)
{
    /// <summary>For a check: from when on it had a chance.</summary>
    public DateTimeOffset Since { get; init; }
}

/// <summary>What is to happen, in the order of time; of one moment in the order of kinds, then as it was put in.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<AgendaItem, (DateTimeOffset At, Happening Kind, long Number)> _items = new();
    private long _number;

    public void Add(DateTimeOffset at, AgendaItem item) => _items.Enqueue(item, (at, item.Kind, _number++));

    /// <summary>The next thing before the end; null if there is none.</summary>
    public (DateTimeOffset At, AgendaItem Item)? Next(DateTimeOffset end) =>
        _items.TryPeek(out _, out var when) && when.At < end && _items.TryDequeue(out var item, out when) ? (when.At, item) : null;

    /// <summary>Further looks at the same moment.</summary>
    public IEnumerable<SimulatedSecret> LooksAt(DateTimeOffset at)
    {
        while (_items.TryPeek(out var item, out var when) && when.At == at && item.Kind == Happening.Look)
        {
            _items.Dequeue();
            yield return item.Secret!;
        }
    }
}
