using Rotunda.Engine.History;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Replay;

/// <summary>
/// External events meet their waiters here, by name without regard to case, first in first out on both sides.
/// Unread events keep the order of their arrival over all names, for continue-as-new.
/// </summary>
internal sealed class EventInbox(PayloadSerializer serializer)
{
    private readonly List<EventRaised> _unread = [];
    private readonly Dictionary<string, List<Waiting>> _waiters = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<EventRaised> Unread => _unread;

    public bool HasWaiters => _waiters.Count > 0;

    public void Deliver(EventRaised raised)
    {
        if (!_waiters.TryGetValue(raised.Name, out var waiters))
        {
            _unread.Add(raised);
            return;
        }

        var first = waiters[0];
        Forget(raised.Name, first);
        first.Complete(raised.Payload, serializer);
    }

    /// <returns>True if the waiter has to wait; false if a buffered event served it.</returns>
    public bool Await(string name, Waiting waiting)
    {
        var buffered = _unread.FindIndex(e => string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase));
        if (buffered >= 0)
        {
            var raised = _unread[buffered];
            _unread.RemoveAt(buffered);
            waiting.Complete(raised.Payload, serializer);
            return false;
        }

        if (!_waiters.TryGetValue(name, out var waiters))
        {
            _waiters[name] = waiters = [];
        }

        waiters.Add(waiting);
        return true;
    }

    public bool Forget(string name, Waiting waiting)
    {
        if (!_waiters.TryGetValue(name, out var waiters) || !waiters.Remove(waiting))
        {
            return false;
        }

        if (waiters.Count == 0)
        {
            _waiters.Remove(name);
        }

        return true;
    }
}
