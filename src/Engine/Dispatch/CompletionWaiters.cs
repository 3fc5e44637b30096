using Rotunda.Engine.Storage;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Dispatch;

/// <summary>Callers that wait for an instance to end or to be stuck. In memory: a caller does not outlive its process.</summary>
internal sealed class CompletionWaiters
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<TaskCompletionSource<OrchestrationState>>> _waiters = new(StringComparer.Ordinal);
    private Exception? _failure;

    /// <exception cref="TaskHubException">The engine has failed or stopped: nothing will end any more.</exception>
    public TaskCompletionSource<OrchestrationState> Add(string instanceId)
    {
        var waiter = new TaskCompletionSource<OrchestrationState>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_failure is not null)
            {
                throw new TaskHubException(_failure.Message, _failure);
            }

            if (!_waiters.TryGetValue(instanceId, out var list))
            {
                _waiters[instanceId] = list = [];
            }

            list.Add(waiter);
        }

        return waiter;
    }

    public void Remove(string instanceId, TaskCompletionSource<OrchestrationState> waiter)
    {
        lock (_gate)
        {
            if (_waiters.TryGetValue(instanceId, out var list) && list.Remove(waiter) && list.Count == 0)
            {
                _waiters.Remove(instanceId);
            }
        }
    }

    public void Notify(string instanceId, Func<OrchestrationState?> read)
    {
        List<TaskCompletionSource<OrchestrationState>>? list;
        lock (_gate)
        {
            _waiters.Remove(instanceId, out list);
        }

        if (list is null)
        {
            return;
        }

        try
        {
            var state = read();
            list.ForEach(waiter => waiter.TrySetResult(state!));
        }
        catch (Exception exception)
        {
            // They are in no list any more: tell them here, and the engine above.
            list.ForEach(waiter => waiter.TrySetException(exception));
            throw;
        }
    }

    public void FailAll(Exception failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            foreach (var waiter in _waiters.Values.SelectMany(list => list))
            {
                waiter.TrySetException(failure);
            }

            _waiters.Clear();
        }
    }
}
