using Rotunda.Orchestration;

namespace Rotunda.Testing.Simulation;

/// <summary>One call of an activity.</summary>
public sealed record SimulatedCall(int OperationId, string Name, string? InputJson, DateTimeOffset At, PayloadSerializer Serializer)
{
    public T Input<T>() => Serializer.Deserialize<T>(InputJson)!;
}

/// <summary>What the simulator does besides running.</summary>
public sealed record SimulationOptions
{
    public DateTimeOffset Start { get; init; } = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    /// <summary>How long a call takes. Its effect happens at the end of that time.</summary>
    public Func<SimulatedCall, TimeSpan> Latency { get; init; } = _ => TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// True: all that is due at one time wakes the orchestration once. False: each event wakes it alone. Code that is right
    /// is right with both.
    /// </summary>
    public bool Batches { get; init; }

    /// <summary>Replays the whole history at every so many steps; 1 for each. The end is always replayed.</summary>
    public int ReplayEvery { get; init; } = 1;

    public int MaxSteps { get; init; } = 20_000;
}

/// <summary>
/// Runs one orchestration on a virtual clock, with no thread and no wait of its own. After its steps it runs the code from
/// scratch over the recorded history and compares what was asked for: code that is not deterministic does not pass.
/// </summary>
public sealed class SimulatedOrchestrator
{
    private readonly string _name;
    private readonly string _instanceId;
    private readonly OrchestrationFunction _function;
    private readonly PayloadSerializer _serializer;
    private readonly Func<SimulatedCall, object?> _activities;
    private readonly SimulationOptions _options;
    private readonly PriorityQueue<Due, (DateTimeOffset At, int Order)> _agenda = new();
    private readonly List<SimulatedBatch> _history = [];
    private SimulatedContext _live;
    private object? _input;
    private int _generation;
    private int _seen;
    private int _order;
    private int _steps;

    public SimulatedOrchestrator(
        RegisteredOrchestration orchestration, string instanceId, object? input, PayloadSerializer serializer,
        Func<SimulatedCall, object?> activities, SimulationOptions? options = null)
    {
        (_name, _function, _instanceId, _input, _serializer, _activities) =
            (orchestration.Name, orchestration.Run, instanceId, input, serializer, activities);
        _options = options ?? new SimulationOptions();
        Now = _options.Start;
        _live = NewContext();
        Schedule(Now, new Due(SimulatedEventKind.Started, _generation));
    }

    public DateTimeOffset Now { get; private set; }

    public bool HasEnded { get; private set; }

    /// <summary>What the code returned, once it has ended.</summary>
    public object? Output { get; private set; }

    public object? Status => _live.Status;

    public IReadOnlyList<SimulatedOperation> Operations => _live.Operations;

    public IReadOnlyList<SimulatedBatch> History => _history;

    /// <summary>Called after each step, when the code has settled.</summary>
    public Action? AfterStep { get; set; }

    /// <summary>Raises an external event at a time (now, if that is past).</summary>
    public void RaiseAt(DateTimeOffset at, string name, object? payload) =>
        Schedule(at < Now ? Now : at, new Due(SimulatedEventKind.EventRaised, 0, Name: name, Payload: _serializer.Serialize(payload)));

    public void Raise(string name, object? payload) => RaiseAt(Now, name, payload);

    /// <summary>Raises an event whose payload is given as JSON text.</summary>
    public void RaiseJson(string name, string json) => Schedule(Now, new Due(SimulatedEventKind.EventRaised, 0, Name: name, Payload: json));

    /// <summary>Runs until nothing is due any more, the code has ended, or <paramref name="until"/> holds after a step.</summary>
    public void Run(Func<bool>? until = null)
    {
        while (until?.Invoke() != true && Step())
        {
        }
    }

    /// <summary>Runs until the clock would pass this time, and sets it to it.</summary>
    public void RunUntil(DateTimeOffset at)
    {
        while (_agenda.TryPeek(out _, out var due) && due.At <= at && Step())
        {
        }

        Now = at > Now ? at : Now;
    }

    /// <summary>Does what is due next. False when there is nothing, or the code has ended.</summary>
    public bool Step()
    {
        var events = new List<SimulatedEvent>();
        while (!HasEnded && (events.Count == 0 || (_options.Batches && NextIsDueNow())) && _agenda.TryDequeue(out var due, out var when))
        {
            Now = when.At;
            if (Happen(due) is { } happened)
            {
                events.Add(happened);
            }
        }

        if (events.Count == 0)
        {
            return false;
        }

        if (++_steps > _options.MaxSteps)
        {
            throw new InvalidOperationException($"No end after {_options.MaxSteps} steps.");
        }

        Apply(new SimulatedBatch(Now, events));
        return true;
    }

    private bool NextIsDueNow() => _agenda.TryPeek(out _, out var next) && next.At <= Now;

    private void Apply(SimulatedBatch batch)
    {
        _history.Add(batch);
        _live.Apply(batch, _function);
        for (; _seen < _live.Operations.Count; _seen++)
        {
            Plan(_live.Operations[_seen]);
        }

        if (_live.HasEnded || _steps % _options.ReplayEvery == 0)
        {
            Replay();
        }

        if (_live.HasEnded)
        {
            End();
        }

        AfterStep?.Invoke();
    }

    private void End()
    {
        if (_live.NextInput is null)
        {
            HasEnded = true;
            Output = _live.Output;
            return;
        }

        _input = _live.NextInput;
        _history.Clear();
        _generation++;
        _seen = 0;
        _live = NewContext();
        Schedule(Now, new Due(SimulatedEventKind.Started, _generation));
    }

    private void Plan(SimulatedOperation operation)
    {
        if (operation.Kind == SimulatedOperationKind.Timer)
        {
            var at = DateTimeOffset.Parse(operation.Name);
            Schedule(at < Now ? Now : at, new Due(SimulatedEventKind.TimerFired, _generation, operation.Id));
        }
        else if (operation.Kind == SimulatedOperationKind.Activity)
        {
            var call = new SimulatedCall(operation.Id, operation.Name, operation.Input, Now, _serializer);
            Schedule(
                Now + _options.Latency(call),
                new Due(SimulatedEventKind.ActivityEnded, _generation, operation.Id, operation.Name, Call: call));
        }
    }

    private SimulatedEvent? Happen(Due due)
    {
        if (due.Kind == SimulatedEventKind.EventRaised)
        {
            return new SimulatedEvent(due.Kind, 0, due.Name, due.Payload);
        }

        var stale = due.Generation != _generation || (due.Kind != SimulatedEventKind.Started && !_live.IsOpen(due.OperationId));
        if (stale)
        {
            return null;
        }

        if (due.Call is not { } call)
        {
            return new SimulatedEvent(due.Kind, due.OperationId, due.Name, null);
        }

        try
        {
            var result = _activities(call with { At = Now });
            return new SimulatedEvent(due.Kind, due.OperationId, due.Name, _serializer.Serialize(result));
        }
        catch (SimulatedFailureException failure)
        {
            return new SimulatedEvent(due.Kind, due.OperationId, due.Name, null, failure.Message);
        }
    }

    /// <summary>Runs the code over the history from scratch; it must ask for the same as it did live.</summary>
    private void Replay()
    {
        var replayed = NewContext();
        foreach (var batch in _history)
        {
            replayed.Apply(batch, _function);
        }

        for (var index = 0; index < Math.Max(replayed.Operations.Count, _live.Operations.Count); index++)
        {
            var live = index < _live.Operations.Count ? _live.Operations[index] : null;
            var again = index < replayed.Operations.Count ? replayed.Operations[index] : null;
            if (live != again)
            {
                throw new InvalidOperationException($"Not deterministic at operation {index + 1}: live {live}, replayed {again}.");
            }
        }
    }

    private SimulatedContext NewContext() => new(_name, _instanceId, _input, _serializer);

    private void Schedule(DateTimeOffset at, Due due) => _agenda.Enqueue(due, (at, _order++));

    private sealed record Due(
        SimulatedEventKind Kind, int Generation, int OperationId = 0, string Name = "", string? Payload = null, SimulatedCall? Call = null);
}

/// <summary>Thrown by a simulated activity that fails. Any other exception is a fault of the test and ends it.</summary>
public sealed class SimulatedFailureException(string message) : Exception(message);
