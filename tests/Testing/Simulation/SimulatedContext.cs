using System.Security.Cryptography;
using System.Text;
using Rotunda.Orchestration;

namespace Rotunda.Testing.Simulation;

/// <summary>One run of orchestration code over a history. Live or replayed, it behaves the same.</summary>
internal sealed class SimulatedContext(string name, string instanceId, object? input, PayloadSerializer serializer) : IOrchestrationContext
{
    private readonly SimulationPump _pump = new();
    private readonly Dictionary<int, Completion> _open = [];
    private readonly Dictionary<string, Queue<string?>> _buffered = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Completion> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly string? _input = serializer.Serialize(input);
    private Task<object?>? _run;

    public List<SimulatedOperation> Operations { get; } = [];

    public object? Status { get; private set; }

    public string Name { get; } = name;

    public string InstanceId { get; } = instanceId;

    public DateTimeOffset CurrentUtcTime { get; private set; }

    public bool IsReplaying => false;

    public bool HasEnded => _run is { IsCompleted: true };

    public object? NextInput { get; private set; }

    public object? Output => _run!.GetAwaiter().GetResult();

    /// <summary>True while the operation's result is awaited: not ended, not cancelled.</summary>
    public bool IsOpen(int operation) => _open.ContainsKey(operation);

    public void Apply(SimulatedBatch batch, OrchestrationFunction function)
    {
        CurrentUtcTime = batch.At;
        foreach (var happened in batch.Events)
        {
            Apply(happened, function);
        }

        _pump.Run();
        if (_run is { IsCompleted: true, IsFaulted: true })
        {
            _run.GetAwaiter().GetResult();
        }
    }

    public T? GetInput<T>() => serializer.Deserialize<T>(_input);

    public Guid NewGuid()
    {
        var id = Add(SimulatedOperationKind.NewGuid, "", null);
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{InstanceId}/{id}")).AsSpan(0, 16));
    }

    public Task<TResult> CallActivityAsync<TResult>(string name, object? input = null)
    {
        var completion = new Completion<TResult>(serializer);
        _open.Add(Add(SimulatedOperationKind.Activity, name, serializer.Serialize(input)), completion);
        return completion.Task;
    }

    public Task<TResult> CallSubOrchestrationAsync<TResult>(string name, object? input = null, string? instanceId = null) =>
        throw new NotSupportedException("The simulator has no child orchestrations.");

    public Task CreateTimerAsync(DateTimeOffset fireAt, CancellationToken cancellationToken = default)
    {
        var id = Add(SimulatedOperationKind.Timer, fireAt.ToString("O"), null);
        var completion = new Completion<bool>(serializer);
        _open.Add(id, completion);
        cancellationToken.Register(() =>
        {
            if (_open.Remove(id))
            {
                Add(SimulatedOperationKind.TimerCancelled, id.ToString(), null);
                completion.Cancel();
            }
        });
        return completion.Task;
    }

    public Task<T> WaitForExternalEventAsync<T>(string name, CancellationToken cancellationToken = default)
    {
        Add(SimulatedOperationKind.WaitForEvent, name, null);
        var completion = new Completion<T>(serializer);
        if (_buffered.TryGetValue(name, out var queue) && queue.TryDequeue(out var payload))
        {
            completion.Complete(payload);
        }
        else if (!_waiters.TryAdd(name, completion))
        {
            throw new InvalidOperationException($"A second wait for '{name}': engines differ with several waiters on one name.");
        }

        return completion.Task;
    }

    public void SetCustomStatus(object? status)
    {
        var json = serializer.Serialize(status);
        if (json?.Length > 8 * 1024)
        {
            throw new InvalidOperationException("The status is larger than 16 KB.");
        }

        Status = status;
        Add(SimulatedOperationKind.Status, "", json);
    }

    public void ContinueAsNew(object? input, bool preserveUnprocessedEvents = true)
    {
        Add(SimulatedOperationKind.ContinueAsNew, "", serializer.Serialize(input));
        NextInput = input;
    }

    private void Apply(SimulatedEvent happened, OrchestrationFunction function)
    {
        switch (happened.Kind)
        {
            case SimulatedEventKind.Started:
                _pump.Run(() => _run = function(this));
                break;
            case SimulatedEventKind.EventRaised when _waiters.Remove(happened.Name, out var waiter):
                waiter.Complete(happened.Payload);
                break;
            case SimulatedEventKind.EventRaised:
                (_buffered.TryGetValue(happened.Name, out var queue) ? queue : _buffered[happened.Name] = new()).Enqueue(happened.Payload);
                break;
            default:
                // A timer that was cancelled in the meantime has no taker.
                if (_open.Remove(happened.OperationId, out var completion))
                {
                    End(completion, happened);
                }

                break;
        }
    }

    private static void End(Completion completion, SimulatedEvent happened)
    {
        if (happened.Failure is { } failure)
        {
            completion.Fail(new TaskFailedException(happened.Name, new FailureDetails("Simulated", failure)));
        }
        else
        {
            completion.Complete(happened.Payload);
        }
    }

    private int Add(SimulatedOperationKind kind, string name, string? input)
    {
        if (SynchronizationContext.Current != _pump)
        {
            throw new InvalidOperationException("Orchestration code left its pump.");
        }

        Operations.Add(new SimulatedOperation(Operations.Count + 1, kind, name, input));
        return Operations.Count;
    }

    private abstract class Completion
    {
        public abstract void Complete(string? payload);

        public abstract void Fail(Exception failure);
    }

    private sealed class Completion<T>(PayloadSerializer serializer) : Completion
    {
        private readonly TaskCompletionSource<T> _source = new();

        public Task<T> Task => _source.Task;

        public override void Complete(string? payload)
        {
            try
            {
                _source.SetResult(payload is null ? default! : serializer.Deserialize<T>(payload)!);
            }
            catch (System.Text.Json.JsonException unreadable)
            {
                _source.SetException(unreadable);
            }
        }

        public override void Fail(Exception failure) => _source.SetException(failure);

        public void Cancel() => _source.TrySetCanceled();
    }
}
