using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>
/// The plan interpreter walks a plan from its first step to its end. Each kind of step has its own runner; what is here is the
/// order, and what follows when a step fails.
/// </summary>
internal sealed class PlanInterpreter(RotationSession session, StepRetries steps, UndoRunner undos)
{
    private const int MaxNewValues = 3;
    private readonly RotationRun _run = session.Run;
    private readonly IReadOnlyList<PlannedStep> _steps = session.Run.Plan.Steps;
    private readonly BatchRunner _batches = new(session, steps);
    private readonly ApprovalGate _approval = new(session);
    private readonly GracePeriod _grace = new(session);
    private readonly EvidenceGate _evidence = new(session, steps);
    private readonly HoldGate _hold = new(session, steps);
    private readonly CacheWait _caches = new(session);
    private readonly PersonGate _person = new(session, steps);

    /// <param name="resume">Where to go on; null for the beginning.</param>
    public async Task<Ending> RunAsync(ResumePoint? resume)
    {
        var next = resume is null ? new Next() : await ContinueAsync(resume);
        while (next.Ending is null && next.Position < _steps.Count)
        {
            next = await session.Control.LookAsync(ControlPoint.Running) is not null
                ? new Next(Ending: session.Control.TakeEnding())
                : await RunAtAsync(next.Position);
        }

        return next.Ending ?? new Ending(RotationState.Succeeded, Reason: null, Actors.Rotunda);
    }

    /// <summary>
    /// Continues a rotation whose orchestration was started anew: first settles what was open (a stuck wait, an undo half done).
    /// </summary>
    private async Task<Next> ContinueAsync(ResumePoint at)
    {
        // Stuck behind the last step: that had its effect, and only its answer was lost.
        if (at.Stuck is { } reason && at.Position < _steps.Count)
        {
            session.Status.Enter(_steps[at.Position]);
            var kind = _steps[at.Position].Kind;
            var gate = at.UndoFrom is null && kind is StepKinds.Grace or StepKinds.Evidence or StepKinds.Hold;
            var effect = await session.Stuck.WaitAsync(
                gate ? ControlPoint.StuckAtGate : ControlPoint.Stuck, reason, at.LookAgain, at.StuckUntil);
            if (effect.Kind == ControlEffectKind.Stop)
            {
                return new Next(Ending: session.Control.TakeEnding());
            }

            if (effect.Kind == ControlEffectKind.Skip)
            {
                var action = kind switch
                {
                    StepKinds.Grace => RotationActions.GraceSkipped,
                    StepKinds.Hold => RotationActions.HoldSkipped,
                    _ => RotationActions.EvidenceSkipped,
                };
                await session.Recorder.RecordAsync(action, effect.Message.By, effect.Message.Reason);
                return new Next(at.Position + 1);
            }
        }

        return at.UndoFrom is { } maker ? await UndoBackToAsync(maker) : new Next(at.Position);
    }

    private async Task<Next> RunAtAsync(int position)
    {
        var step = _steps[position];
        return step.Kind switch
        {
            StepKinds.Approval => new Next(position + 1, await _approval.RunAsync(step)),
            StepKinds.Grace => new Next(position + 1, await _grace.RunAsync(step)),
            StepKinds.Evidence => new Next(position + 1, await _evidence.RunAsync(step)),
            StepKinds.Hold => new Next(position + 1, await _hold.RunAsync(step)),
            StepKinds.Ask or StepKinds.ConfirmRevoked => new Next(position + 1, await _person.RunAsync(step)),
            StepKinds.Wait => new Next(position + 1, await _caches.RunAsync(step)),
            _ => await RunBatchAsync(position),
        };
    }

    private async Task<Next> RunBatchAsync(int position)
    {
        var batch = BatchRunner.BatchAt(_steps, position);
        var maker = MakerAt(_steps, position + batch.Count - 1);
        while (true)
        {
            // Of a batch that was half done when the orchestration was started anew, or when a person resumes it, the rest.
            var open = batch.Where(step => !_run.IsDone(step)).ToList();
            var ends = await _batches.RunAsync(open);
            var mayRenew = !_run.Promoted && maker >= 0 && _run.NewValues < MaxNewValues;
            var verdict = BatchVerdict.Of(ends, mayRollBack: !_run.Promoted && !_run.OldIsGoing, mayRenew);
            switch (verdict.Kind)
            {
                case BatchVerdictKind.GoOn:
                    return new Next(position + batch.Count);
                case BatchVerdictKind.Superseded:
                    return new Next(Ending: new Ending(RotationState.Superseded, verdict.Reason, Actors.Rotunda));
                case BatchVerdictKind.Interrupted:
                    return new Next(Ending: session.Control.TakeEnding());
                case BatchVerdictKind.RollBack:
                    return new Next(Ending: new Ending(RotationState.RolledBack, verdict.Reason, Actors.Rotunda));
                case BatchVerdictKind.Renew:
                    return await RenewAsync(maker, verdict.Reason);
                default:
                    // A resume runs what has not succeeded again, with a new budget.
                    Func<Task<bool>>? look = verdict.MayPass ? () => _batches.LookAsync(open) : null;
                    if ((await session.Stuck.WaitAsync(ControlPoint.Stuck, verdict.Reason, look)).Kind == ControlEffectKind.Stop)
                    {
                        return new Next(Ending: session.Control.TakeEnding());
                    }

                    break;
            }
        }
    }

    /// <summary>Undoes back to and including the step that made the value, and goes on from there.</summary>
    private async Task<Next> RenewAsync(int maker, string reason)
    {
        _run.ReplaceValue();
        await session.Recorder.RecordAsync(RotationActions.ValueReplaced, Actors.Rotunda, reason);
        return await UndoBackToAsync(maker);
    }

    private async Task<Next> UndoBackToAsync(int maker)
    {
        var later = _steps.Skip(maker).ToHashSet(ReferenceEqualityComparer.Instance);
        return new Next(maker, await undos.RunAsync(later.Contains, ControlPoint.Running, ControlPoint.Stuck));
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

    /// <summary>Next is where the walk goes from here.</summary>
    /// <param name="Position">The position to go on at, unless <paramref name="Ending"/> ends the rotation.</param>
    private sealed record Next(int Position = 0, Ending? Ending = null);
}
