using Rotunda.Engine.History;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Replay;

/// <summary>
/// What orchestration code sees. Every call is numbered and noted in the turn's list; the same list is what a replay is
/// compared with. All members run on the pump.
/// </summary>
internal sealed class OrchestrationContext(
    Identity identity,
    TaskRegistry registry,
    PayloadSerializer serializer,
    Pump pump) : IOrchestrationContext
{
    private readonly Dictionary<int, Waiting> _waiting = [];
    private readonly Dictionary<int, Operation> _pending = [];
    private readonly EventInbox _events = new(serializer);
    private List<Operation> _called = [];
    private int _operations;
    private int _guids;

    public string Name => identity.Name;

    public string InstanceId => identity.InstanceId;

    public DateTimeOffset CurrentUtcTime { get; private set; }

    public bool IsReplaying { get; private set; }

    public string? CustomStatus { get; private set; }

    /// <summary>False in a generation that has not set one: then the status of the generation before stands.</summary>
    public bool HasCustomStatus { get; private set; }

    public ContinuedAsNew? Next { get; private set; }

    /// <summary>Activities, children and timers that have been called and have not ended.</summary>
    public Dictionary<int, Operation> Pending => _pending;

    public IReadOnlyList<EventRaised> UnreadEvents => _events.Unread;

    public bool WaitsForSomething => _waiting.Count > 0 || _events.HasWaiters;

    public void BeginTurn(DateTimeOffset at, bool replaying)
    {
        CurrentUtcTime = at;
        IsReplaying = replaying;
        _called = [];
    }

    public IReadOnlyList<Operation> EndTurn() => _called;

    /// <summary>What is pending stays as it was called then: changed code does not move a timer or change an input after the
    /// fact.</summary>
    public void Adopt(IReadOnlyList<Operation> recorded)
    {
        foreach (var operation in recorded)
        {
            if (_pending.ContainsKey(operation.Id))
            {
                _pending[operation.Id] = operation;
            }
        }
    }

    /// <summary>Applies one received event; the code that waited for it is queued on the pump, not run.</summary>
    public void Apply(Received received)
    {
        switch (received)
        {
            case OperationCompleted completed:
                Take(completed.Op, out _)?.Complete(completed.Result, serializer);
                break;
            case OperationFailed failed:
                Take(failed.Op, out var operation)?.Fail(new TaskFailedException(NameOf(operation!), failed.Failure));
                break;
            case TimerFired fired:
                Take(fired.Op, out _)?.Complete(null, serializer);
                break;
            case EventRaised raised:
                _events.Deliver(raised);
                break;
            default:
                break;
        }
    }

    /// <summary>Notes how the function ended. Always the last operation of a generation.</summary>
    public void NoteEnd(Func<int, Operation> create) => Note(create);

    public T? GetInput<T>() => serializer.Deserialize<T>(identity.Input);

    public Guid NewGuid()
    {
        EnsurePump();
        return DeterministicGuid.Create($"{InstanceId}_{identity.Generation}_{CurrentUtcTime:O}_{_guids++}");
    }

    public Task<TResult> CallActivityAsync<TResult>(string name, object? input = null)
    {
        EnsurePump();
        var json = serializer.Serialize(input);
        return Wait<TResult>(Note(id => new ActivityCalled(id, name, json)));
    }

    public Task<TResult> CallSubOrchestrationAsync<TResult>(string name, object? input = null, string? instanceId = null)
    {
        EnsurePump();
        if (!registry.Orchestrations.ContainsKey(name))
        {
            throw new ArgumentException($"No orchestration is registered as '{name}'.", nameof(name));
        }

        var json = serializer.Serialize(input);
        return Wait<TResult>(Note(id => new ChildCalled(id, name, instanceId ?? $"{InstanceId}:{identity.Generation}:{id}", json)));
    }

    public Task CreateTimerAsync(DateTimeOffset fireAt, CancellationToken cancellationToken = default)
    {
        EnsurePump();
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        var timer = Note(id => new TimerCreated(id, fireAt.ToUniversalTime()));
        var task = Wait<bool?>(timer);
        cancellationToken.UnsafeRegister(_ => CancelTimer(timer.Id, cancellationToken), null);
        return task;
    }

    public Task<T> WaitForExternalEventAsync<T>(string name, CancellationToken cancellationToken = default)
    {
        EnsurePump();
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        Note(id => new EventAwaited(id, name));
        var waiting = new Waiting<T>();
        if (_events.Await(name, waiting))
        {
            cancellationToken.UnsafeRegister(_ => CancelWait(name, waiting, cancellationToken), null);
        }

        return waiting.Task;
    }

    public void SetCustomStatus(object? status)
    {
        EnsurePump();
        CustomStatus = Rotunda.Orchestration.CustomStatus.Check(serializer.Serialize(status));
        HasCustomStatus = true;
    }

    public void ContinueAsNew(object? input, bool preserveUnprocessedEvents = true)
    {
        EnsurePump();
        Next = new ContinuedAsNew(0, serializer.Serialize(input), preserveUnprocessedEvents);
    }

    private static string NameOf(Operation operation) => operation switch
    {
        ActivityCalled activity => activity.Name,
        ChildCalled child => child.Name,
        _ => operation.GetType().Name,
    };

    private void CancelTimer(int timer, CancellationToken cancellationToken)
    {
        EnsurePump();
        if (Take(timer, out _) is { } waiting)
        {
            Note(id => new TimerCancelled(id, timer));
            waiting.Cancel(cancellationToken);
        }
    }

    private void CancelWait(string name, Waiting waiting, CancellationToken cancellationToken)
    {
        EnsurePump();
        if (_events.Forget(name, waiting))
        {
            waiting.Cancel(cancellationToken);
        }
    }

    private Operation Note(Func<int, Operation> create)
    {
        var operation = create(_operations++);
        _called.Add(operation);
        return operation;
    }

    private Task<T> Wait<T>(Operation operation)
    {
        var waiting = new Waiting<T>();
        _waiting.Add(operation.Id, waiting);
        _pending.Add(operation.Id, operation);
        return waiting.Task;
    }

    /// <summary>Null for an operation that has ended already: a result may come twice, a cancelled timer may fire.</summary>
    private Waiting? Take(int op, out Operation? operation)
    {
        _pending.Remove(op, out operation);
        _waiting.Remove(op, out var waiting);
        return waiting;
    }

    private void EnsurePump()
    {
        if (!pump.IsMine)
        {
            pump.ReportForeign();
            throw new InvalidOperationException(
                "The orchestration context was called from outside the orchestration's own thread: the code awaited a task that did not "
                    + "come from the context, or used ConfigureAwait or Task.Run.");
        }
    }
}
