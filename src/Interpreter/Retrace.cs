using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>
/// Works out from the ledger's records where in its plan a rotation stands. Pure. Every decision of the interpreter rests on a
/// step's outcome or on a message, and the ledger has both before anything follows from them; a decision that was not written
/// down yet is taken again.
/// </summary>
public sealed class Retrace
{
    private readonly RotationRun _run;
    private readonly IReadOnlyList<PlannedStep> _steps;
    private readonly Dictionary<string, int> _attempts = new(StringComparer.Ordinal);

    /// <summary>The cancels and rollbacks that were sent and are not known to be without effect, oldest first.</summary>
    private readonly List<Sent> _stops = [];
    private int _position;
    private DateTimeOffset? _until;
    private DateTimeOffset? _gateSince;
    private string? _stuck;
    private DateTimeOffset? _stuckUntil;
    private int? _undoFrom;
    private bool _timedOut;
    private ResumeEnding? _ending;

    private Retrace(RotationPlan plan) => (_run, _steps) = (new RotationRun(plan), plan.Steps);

    /// <param name="events">All of the rotation's, oldest first.</param>
    /// <returns>Null if nothing has happened: the rotation starts from its beginning.</returns>
    public static ResumePoint? Of(RotationPlan plan, IEnumerable<RotationEvent> events)
    {
        var retrace = new Retrace(plan);
        var any = false;
        foreach (var happened in events)
        {
            any |= happened is not Sent;
            retrace.Follow(happened);
        }

        return any ? retrace.Point() : null;
    }

    private ResumePoint Point() => new(
        _position,
        // As the interpreter starts them: steps that run side by side come to the ledger in any order, and are undone newest first.
        [.. _steps.Where(_run.Started.Contains).Select(step => step.Id)],
        _position < _steps.Count ? [.. BatchRunner.BatchAt(_steps, _position).Where(_run.IsDone).Select(step => step.Id)] : [],
        new Dictionary<string, int>(_attempts, StringComparer.Ordinal),
        _run.PromotedAt, _run.OldIsGoing, _run.NewValues, _until, _gateSince, _stuck, _undoFrom,
        _run.Undone(), _ending, _run.FindingsShown(), _stuckUntil);

    private void Follow(RotationEvent happened)
    {
        switch (happened)
        {
            case StepBegan began when Find(began.StepId) is { } step:
                Begin(began, step);
                break;
            case StepEnded { Outcome: StepOutcomeKind.Done or StepOutcomeKind.AlreadyDone } ended when Find(ended.StepId) is { } step:
                Succeed(ended, step);
                break;
            case Recorded { Action: RotationActions.ControlIgnored } ignored:
                Ignore(ignored);
                break;
            case Recorded { Action: RotationActions.CarriedOver }:
                // What nobody had heard is gone with the orchestration that did not hear it.
                _stops.Clear();
                break;
            case Recorded record:
                Follow(record);
                break;
            case Sent { Verb: ControlVerb.Cancel or ControlVerb.Rollback } sent:
                _stops.Add(sent);
                break;
            default:
                break;
        }
    }

    private void Ignore(Recorded ignored)
    {
        var verb = ignored.Detail?.Split(' ')[0];
        var index = _stops.FindIndex(sent => IsBy(sent, ignored) && ControlRules.NameOf(sent.Verb) == verb);
        if (index >= 0)
        {
            _stops.RemoveAt(index);
        }
    }

    private void Begin(StepBegan began, PlannedStep step)
    {
        var key = began.UndoId is null ? step.Id : $"{step.Id}/{began.UndoId}";
        _attempts[key] = Math.Max(began.Attempt, _attempts.GetValueOrDefault(key));
        if (_stuckUntil is null)
        {
            // Else it is a look, and stays stuck until the look has found otherwise.
            _stuck = null;
        }

        if (began.UndoId is not null)
        {
            return;
        }

        GoTo(step);
        _run.Start(step);
        if (step.Kind == StepKinds.Evidence)
        {
            _gateSince ??= began.At;
        }
    }

    /// <summary>
    /// The interpreter is wherever a step last began. If that is earlier than we are, it never heard of that step's success;
    /// what succeeded beside it stays done.
    /// </summary>
    private void GoTo(PlannedStep step)
    {
        _undoFrom = null;
        var start = 0;
        while (!BatchRunner.BatchAt(_steps, start).Contains(step))
        {
            start += BatchRunner.BatchAt(_steps, start).Count;
        }

        if (start != _position)
        {
            MoveTo(start);
        }
    }

    private void Succeed(StepEnded ended, PlannedStep step)
    {
        (_stuck, _stuckUntil) = (null, null);
        if (ended.UndoId is not null)
        {
            _run.FinishUndo(step, ended.UndoId);
            if (step.Undo.All(undo => _run.IsUndone(step, undo)))
            {
                _run.Forget(step);
            }

            return;
        }

        _run.Finish(step, ended.At, ended.Facts);
        if (_position < _steps.Count && BatchRunner.BatchAt(_steps, _position).All(_run.IsDone))
        {
            GoOn();
        }
    }

    private void Follow(Recorded record)
    {
        (_stuck, _stuckUntil) = (null, null);
        switch (record.Action)
        {
            case RotationActions.ApprovalRequested or RotationActions.GraceStarted or RotationActions.GraceExtended
                or RotationActions.WaitStarted or RotationActions.ValueRequested or RotationActions.RevokeRequested:
                _until = record.Until;
                break;
            case RotationActions.ApprovalGiven or RotationActions.GraceEnded or RotationActions.GraceSkipped
                or RotationActions.EvidenceSkipped or RotationActions.EvidenceTimedOut or RotationActions.HoldSkipped
                or RotationActions.WaitEnded:
                GoOn();
                break;
            case RotationActions.ApprovalTimedOut or RotationActions.ValueExpired:
                _timedOut = true;
                break;
            case RotationActions.ApprovalRejected:
                (_ending, _until) = (new ResumeEnding(RotationState.Rejected, record.Detail, record.Actor), null);
                break;
            case RotationActions.ValueReplaced:
                Renew();
                break;
            case RotationActions.RollbackStarted:
                (_ending, _until, _gateSince) = (_ending ?? new ResumeEnding(EndOf(record), record.Detail, record.Actor), null, null);
                break;
            case RotationActions.Stuck:
                // A person's resume asks anew: with a time of its own.
                (_stuck, _stuckUntil, _until, _gateSince, _timedOut) =
                    (record.Detail ?? "no reason was kept", record.Until, null, null, false);
                break;
            case RotationActions.Paused:
                // It does not go on by itself elsewhere either.
                _stuck = $"paused by {record.Actor}";
                break;
            case RotationActions.Resumed:
                // The looks of the wait before it are not the watch of a gate.
                _gateSince = null;
                _run.Resume();
                break;
            default:
                break;
        }
    }

    private void Renew()
    {
        _run.ReplaceValue();
        if (_position < _steps.Count
            && PlanInterpreter.MakerAt(_steps, _position + BatchRunner.BatchAt(_steps, _position).Count - 1) is >= 0 and var maker)
        {
            _run.ReopenFrom(maker);
            MoveTo(maker);
            _undoFrom = maker;
        }
    }

    /// <summary>
    /// The records do not say how it will end; who started the rollback does, and with which verb: the first that had an effect.
    /// </summary>
    private RotationState EndOf(Recorded rollback) =>
        rollback.Actor == Actors.Rotunda ? _timedOut ? RotationState.Cancelled : RotationState.RolledBack
        : _stops.Find(sent => IsBy(sent, rollback)) is { Verb: ControlVerb.Cancel } ? RotationState.Cancelled : RotationState.RolledBack;

    private static bool IsBy(Sent sent, Recorded record) => string.Equals(sent.By, record.Actor, StringComparison.OrdinalIgnoreCase);

    private void GoOn() => MoveTo(_position < _steps.Count ? _position + BatchRunner.BatchAt(_steps, _position).Count : _position);

    private void MoveTo(int position) => (_position, _until, _gateSince, _timedOut) = (position, null, null, false);

    private PlannedStep? Find(string id) => _steps.FirstOrDefault(step => step.Id == id);
}
