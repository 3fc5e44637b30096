namespace Rotunda.Files;

/// <summary>Work that waits, in the order in which it came. That of the fast lane goes before that of the other, but for one of these now
/// and then: it comes on, however many are in a hurry. Not for several threads at once.</summary>
internal sealed class WriteLanes
{
    /// <summary>After so many of the fast lane one of the other comes.</summary>
    private const int FastInARow = 2;

    private readonly Queue<SqliteWrite> _fast = new();
    private readonly Queue<SqliteWrite> _slow = new();
    private int _inARow;

    public bool HasFast => _fast.Count > 0;

    public void Add(SqliteWrite write) => (write.IsFast ? _fast : _slow).Enqueue(write);

    /// <summary>The next one, which is now the caller's to run; null if none waits.</summary>
    public SqliteWrite? Take()
    {
        while (true)
        {
            var lane = _fast.Count == 0 || (_inARow >= FastInARow && _slow.Count > 0) ? _slow : _fast;
            _inARow = lane == _fast ? _inARow + 1 : 0;
            if (!lane.TryDequeue(out var next))
            {
                return null;
            }

            if (next.TryTake())
            {
                return next;
            }
        }
    }
}
