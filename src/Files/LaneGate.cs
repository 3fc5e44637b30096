namespace Rotunda.Files;

/// <summary>Lets one in at a time, in the order in which they came; who comes in the fast lane goes before those that wait in the
/// other, but for one of these now and then: it comes on, however many are in a hurry.</summary>
internal sealed class LaneGate
{
    /// <summary>After so many of the fast lane one of the other is let in.</summary>
    private const int FastInARow = 2;

    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _fast = new();
    private readonly LinkedList<TaskCompletionSource> _slow = new();
    private bool _taken;
    private int _inARow;

    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var lane = FastLane.IsCurrent ? _fast : _slow;
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (!_taken)
            {
                _taken = true;
                return;
            }

            lane.AddLast(turn);
        }

        await using var registration = cancellationToken.UnsafeRegister(_ => GiveUp(lane, turn, cancellationToken), null);
        await turn.Task;
    }

    /// <summary>The next one is in.</summary>
    public void Leave()
    {
        TaskCompletionSource? next;
        lock (_gate)
        {
            var lane = _fast.Count == 0 || _inARow >= FastInARow && _slow.Count > 0 ? _slow : _fast;
            _inARow = lane == _fast ? _inARow + 1 : 0;
            next = lane.First?.Value;
            if (next is null)
            {
                _taken = false;
                return;
            }

            lane.RemoveFirst();
        }

        next.SetResult();
    }

    /// <summary>Only of one that still waits: one that was let in has to leave.</summary>
    private void GiveUp(LinkedList<TaskCompletionSource> lane, TaskCompletionSource turn, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!lane.Remove(turn))
            {
                return;
            }
        }

        turn.TrySetCanceled(cancellationToken);
    }
}
