namespace Rotunda.Engine.Timers;

/// <summary>Instances by when they fall due, soonest first; of each the last word counts. Used under its owner's lock.</summary>
internal sealed class DueQueue
{
    private readonly PriorityQueue<long, (long Due, long Key)> _queue = new();
    private readonly Dictionary<long, long> _dueOf = [];

    public int Count => _dueOf.Count;

    /// <summary>When the first falls due, in ticks; null if nobody does.</summary>
    public long? Next => TryPeek(out _, out var due) ? due : null;

    public void Add(long key, long due)
    {
        if (!_dueOf.TryGetValue(key, out var current) || current != due)
        {
            _dueOf[key] = due;
            _queue.Enqueue(key, (due, key));
        }
    }

    public void Remove(long key) => _dueOf.Remove(key);

    /// <summary>Takes the first out, if it is due.</summary>
    public bool TryTake(long now, out long key)
    {
        if (!TryPeek(out key, out var due) || due > now)
        {
            return false;
        }

        _queue.Dequeue();
        _dueOf.Remove(key);
        return true;
    }

    private bool TryPeek(out long key, out long due)
    {
        while (_queue.TryPeek(out key, out var first))
        {
            due = first.Due;
            if (_dueOf.TryGetValue(key, out var current) && current == due)
            {
                return true;
            }

            _queue.Dequeue();
        }

        due = 0;
        return false;
    }
}
