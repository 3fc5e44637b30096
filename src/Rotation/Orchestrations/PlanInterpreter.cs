using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Orchestrations;

/// <summary>
/// Walks a plan from its first step to its end. Each kind of step has its own runner; what is here is the order, and
/// what follows when a step fails.
/// </summary>
internal sealed class PlanInterpreter(
    RotationRun run, ControlDesk desk, BatchRunner batches, UndoRunner undos, StuckWait stuck, Recorder recorder,
    ApprovalGate approval, GracePeriod grace, EvidenceGate evidence, ResumePoint? resume = null)
{
    private const int MaxNewValues = 3;
    private readonly IReadOnlyList<PlannedStep> _steps = run.Plan.Steps;
    private bool _tookUp;
    private int _newValues = resume?.NewValues ?? 0;

    public async Task<Ending> RunAsync()
    {
        var start = resume is null ? new Move() : await TakeUpAsync(resume);
        if (start.Ending is not null)
        {
            return start.Ending;
        }

        var position = start.Next;
        while (position < _steps.Count)
        {
            if (await desk.LookAsync(Place.Running) is not null)
            {
                return Ending.Of(desk.TakeStop()!);
            }

            var move = await RunAtAsync(position);
            if (move.Ending is not null)
            {
                return move.Ending;
            }

            position = move.Next;
        }

        return new Ending(RotationState.Succeeded, Reason: null, Actors.Rotunda);
    }

    /// <summary>Goes on where an orchestration without a history for us stood: first with what it was in the middle of.</summary>
    private async Task<Move> TakeUpAsync(ResumePoint at)
    {
        if (at.Stuck is { } reason)
        {
            var gate = at.UndoFrom is null && _steps[at.Position].Kind is StepKinds.Grace or StepKinds.Evidence;
            var judgement = await stuck.WaitAsync(gate ? Place.StuckAtGate : Place.Stuck, reason);
            if (judgement.Kind == JudgementKind.Stop)
            {
                return new Move(Ending: Ending.Of(desk.TakeStop()!));
            }

            if (judgement.Kind == JudgementKind.Skip)
            {
                var action = _steps[at.Position].Kind == StepKinds.Grace ? RotationActions.GraceSkipped : RotationActions.EvidenceSkipped;
                await recorder.RecordAsync(action, judgement.Message.By, judgement.Message.Reason);
                return new Move(at.Position + 1);
            }

            _newValues = 0;
        }

        return at.UndoFrom is { } maker ? await UndoBackToAsync(maker) : new Move(at.Position);
    }

    private async Task<Move> RunAtAsync(int position)
    {
        var step = _steps[position];
        return step.Kind switch
        {
            StepKinds.Approval => new Move(position + 1, await approval.RunAsync(step)),
            StepKinds.Grace => new Move(position + 1, await grace.RunAsync(step)),
            StepKinds.Evidence => new Move(position + 1, await evidence.RunAsync(step)),
            _ => await RunBatchAsync(position),
        };
    }

    private async Task<Move> RunBatchAsync(int position)
    {
        var batch = BatchRunner.BatchAt(_steps, position);
        var open = position == resume?.Position && !_tookUp ? [.. batch.Where(step => !resume.Done.Contains(step.Id))] : batch;
        _tookUp = true;
        var maker = MakerAt(_steps, position + batch.Count - 1);
        while (true)
        {
            var ends = await batches.RunAsync(open);
            open = [.. ends.Where(end => !end.Succeeded).Select(end => end.Step)];
            var course = Course.Of(
                ends, mayRollBack: !run.Promoted && !run.Retired, mayRenew: !run.Promoted && maker >= 0 && _newValues < MaxNewValues);
            switch (course.Kind)
            {
                case CourseKind.GoOn:
                    return new Move(position + batch.Count);
                case CourseKind.Superseded:
                    return new Move(Ending: new Ending(RotationState.Superseded, course.Reason, Actors.Rotunda));
                case CourseKind.Interrupted:
                    return new Move(Ending: Ending.Of(desk.TakeStop()!));
                case CourseKind.RollBack:
                    return new Move(Ending: new Ending(RotationState.RolledBack, course.Reason, Actors.Rotunda));
                case CourseKind.Renew:
                    return await RenewAsync(maker, course.Reason);
                default:
                    // A resume runs what has not succeeded again, with a new budget.
                    if ((await stuck.WaitAsync(Place.Stuck, course.Reason)).Kind == JudgementKind.Stop)
                    {
                        return new Move(Ending: Ending.Of(desk.TakeStop()!));
                    }

                    _newValues = 0;
                    break;
            }
        }
    }

    /// <summary>Undoes back to and including the step that made the value, and goes on from there.</summary>
    private async Task<Move> RenewAsync(int maker, string reason)
    {
        _newValues++;
        await recorder.RecordAsync(RotationActions.ValueReplaced, Actors.Rotunda, reason);
        return await UndoBackToAsync(maker);
    }

    private async Task<Move> UndoBackToAsync(int maker)
    {
        var later = _steps.Skip(maker).ToHashSet(ReferenceEqualityComparer.Instance);
        return new Move(maker, await undos.RunAsync(later.Contains, Place.Running, Place.Stuck));
    }

    /// <summary>The last step up to <paramref name="position"/> that makes a value; -1 if there is none.</summary>
    internal static int MakerAt(IReadOnlyList<PlannedStep> steps, int position)
    {
        while (position >= 0 && steps[position].Kind is not (StepKinds.Generate or StepKinds.Issue))
        {
            position--;
        }

        return position;
    }

    /// <param name="Next">The position to go on at, unless <paramref name="Ending"/> ends the rotation.</param>
    private sealed record Move(int Next = 0, Ending? Ending = null);
}
