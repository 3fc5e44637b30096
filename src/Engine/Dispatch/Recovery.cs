namespace Rotunda.Engine.Dispatch;

/// <summary>
/// Brings in what was under way when the process before this one ended: oldest first and a limited number at once, however many there are;
/// before all of them those that go first, which have as many places of their own. Who is touched meanwhile by something else (an event, a
/// timer, a person) is brought in by that: the first turn of each recovers it, and no other one does.
/// </summary>
/// <param name="hasRoom">False while so many activities wait that more instances would only lie in memory.</param>
/// <param name="wake">The second is true for one that goes first.</param>
internal sealed class Recovery(int atOnce, Func<bool> hasRoom, Action<long, bool> wake)
{
    private readonly Lock _gate = new();
    private readonly HashSet<long> _left = [];
    private readonly Lane _first = new();
    private readonly Lane _others = new();
    private bool _isStopped;
    private volatile bool _isOver = true;

    /// <summary>How many were to be recovered.</summary>
    public int Expected => _first.Order.Count + _others.Order.Count;

    /// <summary>Says who is to be recovered, oldest first. Before anything else is dispatched.</summary>
    public void Expect(List<long> first, List<long> others)
    {
        lock (_gate)
        {
            (_first.Order, _others.Order) = (first, others);
            _left.UnionWith(first);
            _left.UnionWith(others);
            _isOver = _left.Count == 0;
        }
    }

    /// <summary>Brings in as many as there are places for.</summary>
    public void Go()
    {
        List<(long Key, bool IsFirst)>? taken = null;
        lock (_gate)
        {
            if (_isStopped)
            {
                return;
            }

            while (_first.TryTake(_left, atOnce, out var key))
            {
                (taken ??= []).Add((key, true));
            }

            while (hasRoom() && _others.TryTake(_left, atOnce, out var key))
            {
                (taken ??= []).Add((key, false));
            }

            _isOver = _left.Count == 0 && _first.Awake.Count == 0 && _others.Awake.Count == 0;
        }

        taken?.ForEach(one => wake(one.Key, one.IsFirst));
    }

    /// <summary>An instance's turn begins.</summary>
    /// <returns>True if it is the one that recovers it.</returns>
    public bool Take(long key)
    {
        if (_isOver)
        {
            return false;
        }

        lock (_gate)
        {
            return _left.Remove(key);
        }
    }

    /// <summary>An instance has no turn under way any more.</summary>
    public void Idle(long key)
    {
        if (_isOver)
        {
            return;
        }

        lock (_gate)
        {
            _first.Awake.Remove(key);
            _others.Awake.Remove(key);
        }

        Go();
    }

    /// <summary>Brings in no more. The next start does.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopped = true;
        }
    }

    /// <summary>Those of one kind, and which of them have a turn under way.</summary>
    private sealed class Lane
    {
        private int _next;

        public List<long> Order { get; set; } = [];

        public HashSet<long> Awake { get; } = [];

        public bool TryTake(HashSet<long> left, int atOnce, out long key)
        {
            key = 0;
            while (Awake.Count < atOnce && _next < Order.Count)
            {
                key = Order[_next++];
                if (left.Contains(key))
                {
                    Awake.Add(key);
                    return true;
                }
            }

            return false;
        }
    }
}
