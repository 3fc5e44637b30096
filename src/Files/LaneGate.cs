namespace Rotunda.Files;

/// <summary>Lets one in at a time, in the order in which they came; who comes in the fast lane goes before all that wait in the other.</summary>
internal sealed class LaneGate
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _fast = new();
    private readonly LinkedList<TaskCompletionSource> _slow = new();
    private bool _taken;

    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (lane, turn) = (FastLane.IsCurrent ? _fast : _slow, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
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
            var lane = _fast.Count > 0 ? _fast : _slow;
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
