using Rotunda.Orchestration;
using Rotunda.Interpreter;
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
    public RotationRig(
        RotationPlan plan,
        Func<StepInput, StepOutcome>? script = null,
        SimulationOptions? options = null,
        RotationInput? input = null)
    {
        _script = script ?? (_ => StepOutcome.Done());
        Plan = plan;
        Audit = new SimulatedAudit(plan.Secret, plan.RotationId);
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

    /// <summary>What a ledger would have on record.</summary>
    public SimulatedAudit Audit { get; }

    /// <summary>The input with which another head would go on.</summary>
    public RotationInput Resumed => Audit.Trail().InputFor(Plan);

    /// <summary>The next action that offers these verbs of the sample rotation; "emergency" for the one that takes it over.</summary>
    public static string Ways(params IEnumerable<string> verbs) => string.Join(" | ", verbs.Select(verb =>
        verb == "emergency" ? "rotunda rotate sample --emergency --incident REF"
        : verb.StartsWith("skip-", StringComparison.Ordinal) && verb != "skip-grace"
            ? $"rotunda skip-grace sample-1 --step {verb["skip-".Length..]} --reason WHY"
        : $"rotunda {verb} sample-1{(verb == "extend-grace" ? " --by 2h" : "")} --reason WHY"));

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

    public RotationRig Send(ControlVerb verb, string by = "someone", TimeSpan? extendBy = null, string? step = null)
    {
        Audit.Say(verb, by, Orchestrator.Now);
        Orchestrator.Raise(RotationNames.ControlEvent, new ControlMessage(verb, by, null, extendBy, Step: step));
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
        Audit.Begin(input, call.At);
        var outcome = _script(input);
        Audit.End(input, outcome, call.At);
        return outcome;
    }

    private StepOutcome Record(RecordInput record)
    {
        if (LedgerIsAway?.Invoke(record) == true)
        {
            throw new SimulatedFailureException("the ledger is away");
        }

        Records.Add(record);
        Audit.Record(record, Orchestrator.Now);
        return StepOutcome.Done();
    }
}
