using Rotunda.Orchestration;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Rotation.Tests.Orchestrations;

/// <summary>A traced rotation runs on the simulator and shows where the interpreter itself thinks that it stands.</summary>
internal sealed class TracedRotation
{
    private readonly RotationPlan _plan;
    private RotationSession? _session;

    /// <param name="scheduled">Told of each call when the interpreter makes it; says how long it takes.</param>
    /// <param name="answer">Answers a step or an undo when it ends. Records always succeed.</param>
    public TracedRotation(
        RotationInput input, DateTimeOffset start, Func<SimulatedCall, TimeSpan> scheduled, Func<SimulatedCall, StepOutcome> answer)
    {
        _plan = input.Plan;
        var registered = new TaskRegistry().AddOrchestration<RotationInput, RotationResult>(RotationNames.Orchestration, RunAsync);
        Orchestrator = new SimulatedOrchestrator(
            registered.Orchestrations[RotationNames.Orchestration], _plan.RotationId, input, RotationRig.Serializer, answer,
            new SimulationOptions { Start = start, Latency = scheduled, ReplayEvery = int.MaxValue });
    }

    public SimulatedOrchestrator Orchestrator { get; }

    public RotationStatus? Status => Orchestrator.Status as RotationStatus;

    /// <summary>Null before the orchestration has begun.</summary>
    public Standing? Standing => _session is { } session && Status is { } status ? Standing.Of(_plan, session.Run, status) : null;

    /// <summary>The first run is the live one; every other replays it.</summary>
    private Task<RotationResult> RunAsync(IOrchestrationContext context, RotationInput? input)
    {
        var session = RotationSession.Begin(context, input!);
        _session ??= session;
        return RotationOrchestration.RunAsync(session, input!);
    }
}
