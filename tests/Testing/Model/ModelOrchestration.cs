using System.Globalization;
using Rotunda.Interpreter;
using Rotunda.Orchestration;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Testing.Model;

/// <summary>One rotation's orchestration, stepped from outside: the real code over its history.</summary>
internal sealed class ModelOrchestration
{
    private readonly SimulatedContext _context;
    private readonly RegisteredOrchestration _code = RotationRig.Registered;
    private readonly SortedDictionary<int, SimulatedOperation> _open = [];
    private int _seen;
    private bool _ended;

    public ModelOrchestration(RotationPlan plan, RotationInput input, DateTimeOffset now, SimulatedAudit? audit = null)
    {
        (Plan, Audit) = (plan, audit ?? new SimulatedAudit(plan.Secret, plan.RotationId));
        _context = new SimulatedContext(_code.Name, plan.RotationId, input, RotationRig.Serializer);
        Apply(new SimulatedEvent(SimulatedEventKind.Started, 0, "", null), now);
    }

    public RotationPlan Plan { get; }

    public SimulatedAudit Audit { get; }

    /// <summary>The credential in use when it began.</summary>
    public required ModelRow ActiveBefore { get; init; }

    public bool HasEnded => _context.HasEnded;

    /// <summary>The ledger has something of it.</summary>
    public bool HasBegun => Audit.Rows.Count > 0;

    public RotationResult? Result => HasEnded ? (RotationResult?)_context.Output : null;

    public bool WaitsForApproval =>
        !HasEnded && _context.Status is RotationStatus { State: RotationState.WaitingForApproval, WaitingFor: not null };

    public string? NextAction => (_context.Status as RotationStatus)?.NextAction;

    public IEnumerable<SimulatedOperation> Activities => _open.Values.Where(one => one.Kind == SimulatedOperationKind.Activity);

    /// <summary>The timer that fires first; null if there is none.</summary>
    public int? NextTimer => _open.Values.Where(one => one.Kind == SimulatedOperationKind.Timer && _context.IsOpen(one.Id))
        .MinBy(one => Due(one))?.Id;

    /// <summary>What its next steps depend on: what it asked for, what it shows, and where the ledger says that it stands.</summary>
    public string Key()
    {
        var status = _context.Status as RotationStatus;
        var resume = HasEnded ? null : Audit.Trail().InputFor(Plan).Resume;
        var asked = string.Join(' ', _open.Values.Where(one => _context.IsOpen(one.Id)).Select(one =>
            one.Kind == SimulatedOperationKind.Timer ? "timer" : $"{one.Name}{Attempt(one)}"));
        return $"{Result}{status?.State} {status?.Step} {status?.StepId} {status?.WaitingFor} {status?.Problem} [{asked}] {KeyOf(resume)}";
    }

    public T Input<T>(SimulatedOperation operation) => RotationRig.Serializer.Deserialize<T>(operation.Input)!;

    public DateTimeOffset DueOf(int timer) => Due(_open[timer]);

    public void Fire(int timer, DateTimeOffset now) => Apply(new SimulatedEvent(SimulatedEventKind.TimerFired, timer, "", null), now);

    public void Raise(ControlMessage message, DateTimeOffset now) => Apply(
        new SimulatedEvent(SimulatedEventKind.EventRaised, 0, RotationNames.ControlEvent, RotationRig.Serializer.Serialize(message)), now);

    public void End(int operation, string name, StepOutcome outcome, DateTimeOffset now) => Apply(
        new SimulatedEvent(SimulatedEventKind.ActivityEnded, operation, name, RotationRig.Serializer.Serialize(outcome)), now);

    /// <summary>True once, when it has ended.</summary>
    public bool TakeEnd() => HasEnded && !_ended && (_ended = true);

    private void Apply(SimulatedEvent happened, DateTimeOffset now)
    {
        _open.Remove(happened.OperationId);
        _context.Apply(new SimulatedBatch(now, [happened]), _code.Run);
        for (; _seen < _context.Operations.Count; _seen++)
        {
            var operation = _context.Operations[_seen];
            if (operation.Kind is SimulatedOperationKind.Activity or SimulatedOperationKind.Timer)
            {
                _open[operation.Id] = operation;
            }
        }
    }

    private static DateTimeOffset Due(SimulatedOperation timer) => DateTimeOffset.Parse(timer.Name, CultureInfo.InvariantCulture);

    /// <summary>Of a record its action, of a step its id and attempt.</summary>
    private string Attempt(SimulatedOperation operation)
    {
        if (operation.Name == StepKinds.Record)
        {
            var record = Input<RecordInput>(operation);
            return $"({record.Action} {record.State})";
        }

        var input = Input<StepInput>(operation);
        return $"({input.Undo?.Id ?? input.Step.Id} {input.Attempt})";
    }

    private static string KeyOf(ResumePoint? resume) => resume is null ? "-"
        : $"{resume.Position} {string.Join(',', resume.Started)} {string.Join(',', resume.Done)} {string.Join(',', resume.Attempts)} "
            + $"{resume.PromotedAt is not null} {resume.OldIsGoing} {resume.NewValues} {resume.Until is not null} {resume.Stuck} "
            + $"{resume.StuckUntil is not null} {resume.UndoFrom} {string.Join(',', resume.Undone ?? [])} {resume.Ending}";
}
