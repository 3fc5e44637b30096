using Rotunda.Orchestration;
using Rotunda.Rotation.Orchestrations;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.Simulation;

/// <summary>
/// One rotation on the simulator, its steps answered by a script. Keeps what was called and recorded, for table tests.
/// </summary>
public sealed class RotationRig
{
    private readonly Func<StepInput, StepOutcome> _script;

    /// <param name="input">Where it is not the plan alone.</param>
    /// <param name="script">Answers each step and undo; throws <see cref="SimulatedFailureException"/> for an activity that fails.</param>
    public RotationRig(RotationPlan plan, Func<StepInput, StepOutcome>? script = null, SimulationOptions? options = null, RotationInput? input = null)
    {
        _script = script ?? (_ => StepOutcome.Done());
        Plan = plan;
        Orchestrator = new SimulatedOrchestrator(
            Registered, plan.RotationId, input ?? new RotationInput(plan), Serializer, Answer, options);
    }

    public static PayloadSerializer Serializer { get; } = new(RotationJson.Default);

    public static RegisteredOrchestration Registered { get; } =
        RotationOrchestrations.AddTo(new TaskRegistry()).Orchestrations[RotationNames.Orchestration];

    public RotationPlan Plan { get; }

    public SimulatedOrchestrator Orchestrator { get; }

    /// <summary>Fails a record, when set and true.</summary>
    public Func<RecordInput, bool>? LedgerIsAway { get; set; }

    public List<RecordInput> Records { get; } = [];

    /// <summary>What a ledger would know.</summary>
    public List<RotationEvent> Journal { get; } = [];

    /// <summary>Ids of the steps and undos that were called, in order, each attempt.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>When each call ended.</summary>
    public List<DateTimeOffset> CallTimes { get; } = [];

    public List<StepInput> Inputs { get; } = [];

    public RotationStatus Status => (RotationStatus)Orchestrator.Status!;

    public RotationResult Result => (RotationResult)Orchestrator.Output!;

    public IEnumerable<string> Actions => Records.Select(r => r.Action);

    /// <summary>Runs until the rotation has ended, or only a person or nobody can wake it.</summary>
    public RotationRig Run()
    {
        Orchestrator.Run();
        return this;
    }

    /// <summary>Runs until the status is in this state.</summary>
    public RotationRig RunTo(RotationState state)
    {
        Orchestrator.Run(() => Orchestrator.Status is RotationStatus { WaitingFor: not null } status && status.State == state);
        if (Status.State != state)
        {
            throw new InvalidOperationException($"It came to {Status}, not to {state}.");
        }

        return this;
    }

    /// <summary>Runs for a time of the virtual clock.</summary>
    public RotationRig RunFor(TimeSpan time)
    {
        Orchestrator.RunUntil(Orchestrator.Now + time);
        return this;
    }

    public RotationRig Send(ControlVerb verb, string by = "someone", TimeSpan? extendBy = null)
    {
        Journal.Add(new Sent(Orchestrator.Now, verb, by));
        Orchestrator.Raise(RotationNames.ControlEvent, new ControlMessage(verb, by, null, extendBy));
        return this;
    }

    private StepOutcome Answer(SimulatedCall call)
    {
        if (call.Name == StepKinds.Record)
        {
            return Record(call.Input<RecordInput>());
        }

        var input = call.Input<StepInput>();
        Calls.Add(input.Undo?.Id ?? input.Step.Id);
        CallTimes.Add(call.At);
        Inputs.Add(input);
        Journal.Add(new StepBegan(call.At, input.Step.Id, input.Undo?.Id, input.Attempt));
        var outcome = _script(input);
        Journal.Add(new StepEnded(call.At, input.Step.Id, input.Undo?.Id, outcome.Kind, outcome.Facts));
        return outcome;
    }

    private StepOutcome Record(RecordInput record)
    {
        if (LedgerIsAway?.Invoke(record) == true)
        {
            throw new SimulatedFailureException("the ledger is away");
        }

        Records.Add(record);
        Journal.Add(new Recorded(Orchestrator.Now, record.Action, record.Actor, record.Detail, record.Until));
        return StepOutcome.Done();
    }
}
