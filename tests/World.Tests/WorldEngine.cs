using System.Globalization;
using Rotunda.Orchestration;
using Rotunda.Testing.Simulation;

namespace Rotunda.World.Tests;

/// <summary>
/// Stands in for the engine: one thread, the world's time, and nothing left to chance. It runs the same orchestrations by replay of their
/// histories, and the same activities, at least once. What the real one does on disk, its own tests and the crash tests prove.
/// </summary>
internal sealed class WorldEngine(WorldRun world, PayloadSerializer payloads) : IOrchestrationClient
{
    private readonly SortedDictionary<string, WorldInstance> _instances = new(StringComparer.Ordinal);
    private readonly List<(Lane Lane, WorldInstance Instance, int Generation, int Operation)> _underWay = [];
    private TaskRegistry _tasks = new();
    private int _epoch;

    public int UnderWay => _underWay.Count;

    /// <summary>Hears each step that an orchestration has taken.</summary>
    public Action<WorldInstance> AfterStep { get; set; } = _ => { };

    public WorldInstance? Find(string id) => _instances.GetValueOrDefault(id);

    /// <summary>A process begins to work with this hub.</summary>
    public void Begin(TaskRegistry tasks)
    {
        _tasks = tasks;
        foreach (var instance in _instances.Values.Where(one => !one.HasEnded))
        {
            instance.Context = null;
            foreach (var operation in instance.Open)
            {
                Dispatch(instance, operation);
            }
        }
    }

    /// <summary>The process dies, with all that is under way.</summary>
    public void Die()
    {
        _epoch++;
        var dying = _underWay.ToList();
        _underWay.Clear();
        dying.ForEach(one => one.Lane.Kill());
    }

    /// <summary>The hub and all that it kept are gone.</summary>
    public void Forget() => _instances.Clear();

    /// <summary>The clock has gone on: what has ended because its time is over ends now.</summary>
    public void Settle()
    {
        foreach (var one in _underWay.ToList())
        {
            one.Lane.Settle();
            if (one.Lane.Work.IsCompleted && _underWay.Remove(one))
            {
                End(one.Lane, one.Instance, one.Generation, one.Operation);
            }
        }
    }

    public Task<string> ScheduleNewAsync(
        string orchestrationName, object? input = null, StartOptions? options = null, CancellationToken cancellationToken = default)
    {
        var id = options!.InstanceId!;
        if (input is Interpreter.RotationInput rotation)
        {
            // As the release that made it wrote it to the ledger. Where the process died as it did, the reconciler read it there.
            if (!world.Rotations.ContainsKey(id))
            {
                world.Started(rotation.Plan);
            }

            input = rotation with { Plan = world.Rotations[id].Plan };
        }

        var instance = new WorldInstance(orchestrationName, id, input, world.Wall);
        if (!_instances.TryAdd(id, instance))
        {
            throw new OrchestrationAlreadyExistsException(id);
        }

        world.Watch.Leaks(payloads.Serialize(input), $"input of {id}");
        world.After(Latency(id, "start"), () => Deliver(instance, new SimulatedEvent(SimulatedEventKind.Started, 0, "", null)));
        return Task.FromResult(id);
    }

    public Task RaiseEventAsync(string instanceId, string eventName, object? payload = null, CancellationToken cancellationToken = default)
    {
        if (!_instances.TryGetValue(instanceId, out var instance))
        {
            throw new OrchestrationNotFoundException(instanceId);
        }

        if (world.Sabotage.Deaf && payload is Interpreter.ControlMessage { Verb: Interpreter.ControlVerb.Supersede })
        {
            return Task.CompletedTask;
        }

        var json = payloads.Serialize(payload);
        world.Watch.Leaks(json, $"event of {instanceId}");
        world.After(
            Latency(instanceId, "event"),
            () => Deliver(instance, new SimulatedEvent(SimulatedEventKind.EventRaised, 0, eventName, json)));
        return Task.CompletedTask;
    }

    public Task TerminateAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Nobody terminates orchestrations.");

    public Task ResumeAsync(string instanceId, CancellationToken cancellationToken = default) =>
        _instances.ContainsKey(instanceId) ? Task.CompletedTask : throw new OrchestrationNotFoundException(instanceId);

    public Task<OrchestrationState?> GetAsync(
        string instanceId, bool withInputsAndOutputs = true, CancellationToken cancellationToken = default) =>
        Task.FromResult(_instances.TryGetValue(instanceId, out var found) ? StateOf(found) : null);

    public Task<OrchestrationState> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Nobody waits in the world's own thread.");

    public Task<OrchestrationPage> QueryAsync(OrchestrationQuery query, CancellationToken cancellationToken = default) =>
        Task.FromResult(new OrchestrationPage(
            [
                .. _instances.Values.Where(one => query.Statuses?.Contains(one.Status) != false
                    && one.Id.StartsWith(query.InstanceIdPrefix ?? "", StringComparison.Ordinal)).Select(StateOf),
            ],
            null));

    public Task<int> PurgeAsync(PurgeFilter filter, CancellationToken cancellationToken = default)
    {
        var gone = _instances.Values.Where(one => one.HasEnded
            && (filter.InstanceId is null || one.Id == filter.InstanceId)
            && (filter.EndedBefore is null || one.UpdatedAt < filter.EndedBefore)).ToList();
        gone.ForEach(one => _instances.Remove(one.Id));
        return Task.FromResult(gone.Count);
    }

    private OrchestrationState StateOf(WorldInstance one) => new(
        one.Id, one.Name, one.Status, one.CreatedAt, one.UpdatedAt, null, payloads.Serialize(one.Output),
        payloads.Serialize(one.CustomStatus), one.Failure);

    /// <summary>What is on record in the hub comes to its orchestration, also after a crash.</summary>
    private void Deliver(WorldInstance instance, SimulatedEvent happened)
    {
        if (IsHere(instance))
        {
            Apply(instance, happened);
        }
    }

    private bool IsHere(WorldInstance instance) => !instance.HasEnded && Find(instance.Id) == instance;

    private void Apply(WorldInstance instance, SimulatedEvent happened)
    {
        var context = ContextOf(instance);
        var batch = new SimulatedBatch(world.Wall, [happened]);
        instance.History.Add(batch);
        (instance.Status, instance.UpdatedAt) = (OrchestrationStatus.Running, world.Wall);
        context.Apply(batch, _tasks.Orchestrations[instance.Name].Run);
        instance.CustomStatus = context.Status;
        for (var seen = instance.Asked.Count; seen < context.Operations.Count; seen++)
        {
            var operation = context.Operations[seen];
            instance.Asked.Add(operation);
            world.Watch.Leaks(operation.Input, $"history of {instance.Id}");
            Plan(instance, operation);
        }

        if (context.HasEnded)
        {
            End(instance, context);
        }

        AfterStep(instance);
    }

    private void Plan(WorldInstance instance, SimulatedOperation operation)
    {
        if (operation.Kind == SimulatedOperationKind.Timer)
        {
            var generation = instance.Generation;
            world.AtWall(DateTimeOffset.Parse(operation.Name, CultureInfo.InvariantCulture), () =>
            {
                if (IsHere(instance) && instance.Generation == generation && ContextOf(instance).IsOpen(operation.Id))
                {
                    Apply(instance, new SimulatedEvent(SimulatedEventKind.TimerFired, operation.Id, "", null));
                }
            });
        }
        else if (operation.Kind == SimulatedOperationKind.Activity)
        {
            instance.Open.Add(operation.Id);
            Dispatch(instance, operation.Id);
        }
    }

    private void End(WorldInstance instance, SimulatedContext context)
    {
        instance.Open.Clear();
        instance.Context = null;
        instance.History.Clear();
        instance.Asked.Clear();
        if (context.NextInput is { } next)
        {
            instance.Input = next;
            instance.Generation++;
            world.After(Latency(instance.Id, "again"), () =>
                Deliver(instance, new SimulatedEvent(SimulatedEventKind.Started, 0, "", null)));
            return;
        }

        (instance.Status, instance.Output) = (OrchestrationStatus.Completed, context.Output);
    }

    private void Dispatch(WorldInstance instance, int operation)
    {
        var (epoch, generation) = (_epoch, instance.Generation);
        world.After(Latency(instance.Id, $"{generation}/{operation}"), () =>
        {
            if (epoch == _epoch && IsHere(instance) && instance.Generation == generation && instance.Open.Contains(operation))
            {
                Run(instance, operation);
            }
        });
    }

    private void Run(WorldInstance instance, int operation)
    {
        var (asked, generation) = (instance.Asked[operation - 1], instance.Generation);
        var activity = _tasks.Activities[asked.Name];
        var input = payloads.Deserialize(asked.Input, activity.InputType);
        var lane = new Lane
        {
            Began = world.True,
            Name = $"{asked.Name} of {instance.Id}",
            IsUndo = input is Interpreter.StepInput { Undo: not null },
        };
        var call = new ActivityContext(instance.Id, asked.Name, operation, $"{instance.Id}/{generation}/{operation}");
        lane.Run(() => world.Sabotage.RunAsync(asked.Name, input, () => activity.Run(call, input, CancellationToken.None)));
        if (lane.Work.IsCompleted)
        {
            End(lane, instance, generation, operation);
        }
        else
        {
            _underWay.Add((lane, instance, generation, operation));
        }
    }

    private void End(Lane lane, WorldInstance instance, int generation, int operation)
    {
        if (world.Head.IsDead)
        {
            world.Crash();
            return;
        }

        var asked = instance.Generation == generation && operation <= instance.Asked.Count ? instance.Asked[operation - 1] : null;
        SimulatedEvent happened;
        try
        {
            var json = payloads.Serialize(lane.Work.GetAwaiter().GetResult());
            world.Watch.Leaks(json, $"answer of {lane.Name}");
            happened = new SimulatedEvent(SimulatedEventKind.ActivityEnded, operation, asked?.Name ?? "", json);
        }
        catch (Files.SimulatedCrashException)
        {
            world.Crash();
            return;
        }
        catch (Exception failure) when (failure is not WorldBrokenException)
        {
            world.Watch.Leaks(failure.ToString(), $"failure of {lane.Name}");
            happened = new SimulatedEvent(SimulatedEventKind.ActivityEnded, operation, asked?.Name ?? "", null, failure.Message);
        }

        if (asked is null || !IsHere(instance) || !instance.Open.Contains(operation))
        {
            return;
        }

        if (world.CrashPoint("hub.commit.before"))
        {
            world.Crash();
            return;
        }

        instance.Open.Remove(operation);
        Apply(instance, happened);
        if (world.CrashPoint("hub.commit.after"))
        {
            world.Crash();
        }
    }

    /// <summary>The code, run again over its history where this process has not run it yet.</summary>
    private SimulatedContext ContextOf(WorldInstance instance)
    {
        if (instance.Context is { } context)
        {
            return context;
        }

        context = instance.Context = new SimulatedContext(instance.Name, instance.Id, instance.Input, payloads);
        foreach (var batch in instance.History)
        {
            context.Apply(batch, _tasks.Orchestrations[instance.Name].Run);
        }

        world.Counts.Replays += instance.History.Count > 0 ? 1 : 0;
        return context.Operations.SequenceEqual(instance.Asked)
            ? context
            : throw new WorldBrokenException($"{instance.Id} asked for something else when it was replayed.");
    }

    private TimeSpan Latency(string id, string what) =>
        world.Luck.Between($"latency/{id}/{what}", TimeSpan.Zero, TimeSpan.FromSeconds(3)) + TimeSpan.FromMilliseconds(200);
}
