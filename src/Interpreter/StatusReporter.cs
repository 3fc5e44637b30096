using Rotunda.Orchestration;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>
/// The status reporter keeps the custom status true: which step of how many, waiting for what until when, the problem and what
/// a person can do.
/// </summary>
internal sealed class StatusReporter(IOrchestrationContext context, RotationRun run)
{
    private readonly IReadOnlyList<PlannedStep> _steps = run.Plan.Steps;
    private int _position;
    private string? _stepId;
    private string? _stepTitle;
    private int _attempt;
    private StepProgress? _progress;
    private ControlPoint _slicing;
    private RotationStatus? _shown;

    /// <summary>An attempt of a step (or of an undo) begins.</summary>
    public void Attempt(PlannedStep step, PlannedUndo? undo, int attempt)
    {
        Enter(step, undo, attempt);
        if (run.State is RotationState.Stuck or RotationState.WaitingForValue or RotationState.WaitingForRevoke)
        {
            // A look: it waits until the look has found otherwise, and the ways out stay.
            Show(_shown?.WaitingFor, _shown?.WaitingUntil, _shown?.Problem, _shown?.NextAction);
            return;
        }

        Running();
    }

    /// <summary>What is shown from now on is about this step.</summary>
    public void Enter(PlannedStep step, PlannedUndo? undo = null, int attempt = 0)
    {
        _position = PositionOf(step);
        var id = undo?.Id ?? step.Id;
        _progress = id == _stepId ? _progress : null;
        run.StepId = _stepId = id;
        _stepTitle = undo?.Title ?? step.Title;
        _attempt = attempt;
    }

    public void Running() => Show(null, null, null, _progress is null ? null : NextAction(_slicing));

    /// <summary>A slice of the present step is done, and more are to come.</summary>
    public void Slice(StepProgress? progress, ControlPoint point)
    {
        (_progress, _slicing) = (progress, point);
        Running();
    }

    public void Waiting(string waitingFor, DateTimeOffset? until, string? problem, ControlPoint point) =>
        Show(waitingFor, until, problem, NextAction(point));

    public void Ended(string? reason) => Show(null, null, run.State == RotationState.Succeeded ? null : reason, null);

    /// <summary>A record cannot be written, and nothing goes on before it is. <see cref="LedgerIsBack"/> takes this away again.</summary>
    public void LedgerIsAway(string problem) =>
        context.SetCustomStatus(Status("the ledger", null, problem, "see to the ledger; the rotation goes on by itself"));

    public void LedgerIsBack() => context.SetCustomStatus(_shown);

    private void Show(string? waitingFor, DateTimeOffset? until, string? problem, string? nextAction)
    {
        _shown = Status(waitingFor, until, problem, nextAction);
        context.SetCustomStatus(_shown);
    }

    private RotationStatus Status(string? waitingFor, DateTimeOffset? until, string? problem, string? nextAction) =>
        new(
            run.State, _position, _steps.Count, _stepId, Text.Short(_stepTitle), _attempt, Text.Short(waitingFor), until,
            Text.Short(problem), nextAction, run.State.IsFinal() ? null : _progress);

    /// <summary>
    /// The commands that have an effect here. Supersede is not a person's verb: where the rotation is stuck, the emergency that
    /// sends it is a way out, and is shown.
    /// </summary>
    private string? NextAction(ControlPoint point)
    {
        var commands = new List<string>();
        var skips = run.StepId == run.Plan.GraceStepId ? null : run.StepId;
        foreach (var verb in ControlRules.Verbs.Where(verb => verb != ControlVerb.Supersede))
        {
            var message = new ControlMessage(verb, "someone else", null, ControlRules.MaxExtension);
            if (ControlRules.Judge(message, run.SituationAt(point)).Kind != ControlEffectKind.Ignore)
            {
                commands.Add(ControlRules.CommandOf(verb, run.Plan.RotationId, skips));
            }
        }

        if (point is ControlPoint.Stuck or ControlPoint.StuckAtGate or ControlPoint.StuckRollingBack or ControlPoint.StuckAtVersion)
        {
            commands.Add(ControlRules.EmergencyOf(run.Plan.Secret));
        }

        return commands.Count == 0 ? null : string.Join(" | ", commands);
    }

    private int PositionOf(PlannedStep step)
    {
        for (var index = 0; index < _steps.Count; index++)
        {
            if (ReferenceEquals(_steps[index], step))
            {
                return index + 1;
            }
        }

        return 0;
    }
}
