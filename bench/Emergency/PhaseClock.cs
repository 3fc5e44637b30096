using System.Collections.Concurrent;
using Rotunda.Interpreter;
using Rotunda.Orchestration;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Bench.Heads;

/// <summary>Notes when an emergency comes to each of its phases, from outside: around the engine's client, orchestrations and activities.
/// Of planned rotations it notes nothing.</summary>
internal sealed class PhaseClock
{
    /// <summary>In the order in which an emergency comes to them. Each is named by what ends with it.</summary>
    public static readonly IReadOnlyList<string> Names =
        ["asked", "inLedger", "inHub", "firstActivity", "startRecorded", "firstStep", "firstCall"];

    private readonly ConcurrentDictionary<string, long[]> _moments = new(StringComparer.Ordinal);
    private long _planned;

    /// <summary>How many activities of planned rotations have ended: these go on meanwhile.</summary>
    public long Planned => Interlocked.Read(ref _planned);

    public IOrchestrationClient Around(IOrchestrationClient client) => new Watched(client, this);

    /// <summary>Puts itself around all that the registry has.</summary>
    public TaskRegistry Around(TaskRegistry registry)
    {
        var orchestrations = (Dictionary<string, RegisteredOrchestration>)registry.Orchestrations;
        foreach (var (name, one) in orchestrations.ToList())
        {
            orchestrations[name] = one with
            {
                Run = context =>
                {
                    Note(context.InstanceId, 2);
                    return one.Run(context);
                },
            };
        }

        var activities = (Dictionary<string, RegisteredActivity>)registry.Activities;
        foreach (var (name, one) in activities.ToList())
        {
            activities[name] = one with
            {
                Run = async (context, input, stop) =>
                {
                    Note(context.InstanceId, name == StepKinds.Record ? 3 : 5);
                    var output = await one.Run(context, input, stop);
                    if (!Note(context.InstanceId, 4))
                    {
                        Interlocked.Increment(ref _planned);
                    }

                    return output;
                },
            };
        }

        return registry;
    }

    /// <summary>How long each phase took of one emergency, in milliseconds, and all of them together.</summary>
    public IReadOnlyDictionary<string, double> Of(string rotation, long asked, long called)
    {
        var moments = _moments[rotation];
        (moments[0], moments[6]) = (asked, called);
        var phases = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var at = 1; at < moments.Length; at++)
        {
            phases[Names[at]] = TimeProvider.System.GetElapsedTime(moments[at - 1], moments[at]).TotalMilliseconds;
        }

        return phases;
    }

    /// <returns>False for a planned rotation.</returns>
    private bool Note(string rotation, int phase)
    {
        if (!_moments.TryGetValue(rotation, out var moments))
        {
            return false;
        }

        Interlocked.CompareExchange(ref moments[phase], TimeProvider.System.GetTimestamp(), 0);
        return true;
    }

    private sealed class Watched(IOrchestrationClient client, PhaseClock clock) : IOrchestrationClient
    {
        public Task<string> ScheduleNewAsync(
            string orchestrationName, object? input = null, StartOptions? options = null, CancellationToken cancellationToken = default)
        {
            if (input is RotationInput { Plan: { Trigger: RotationTrigger.Emergency, RotationId: var rotation } })
            {
                clock._moments[rotation] = new long[Names.Count];
                clock.Note(rotation, 1);
            }

            return client.ScheduleNewAsync(orchestrationName, input, options, cancellationToken);
        }

        public Task RaiseEventAsync(
            string instanceId, string eventName, object? payload = null, CancellationToken cancellationToken = default) =>
            client.RaiseEventAsync(instanceId, eventName, payload, cancellationToken);

        public Task TerminateAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
            client.TerminateAsync(instanceId, reason, cancellationToken);

        public Task ResumeAsync(string instanceId, CancellationToken cancellationToken = default) =>
            client.ResumeAsync(instanceId, cancellationToken);

        public Task<OrchestrationState?> GetAsync(
            string instanceId, bool withInputsAndOutputs = true, CancellationToken cancellationToken = default) =>
            client.GetAsync(instanceId, withInputsAndOutputs, cancellationToken);

        public Task<OrchestrationState> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken = default) =>
            client.WaitForCompletionAsync(instanceId, cancellationToken);

        public Task<OrchestrationPage> QueryAsync(OrchestrationQuery query, CancellationToken cancellationToken = default) =>
            client.QueryAsync(query, cancellationToken);

        public Task<int> PurgeAsync(PurgeFilter filter, CancellationToken cancellationToken = default) =>
            client.PurgeAsync(filter, cancellationToken);
    }
}
