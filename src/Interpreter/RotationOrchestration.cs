using Rotunda.Orchestration;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>
/// The orchestration of one rotation is the interpreter of its plan. What it calls, and in which order, is what
/// histories hold: a change that a running rotation would notice needs a new version. docs/interpreter.md is the guide.
/// </summary>
public static class RotationOrchestration
{
    public static async Task<RotationResult> RunAsync(IOrchestrationContext context, RotationInput? input)
    {
        if (input?.Plan is null)
        {
            throw new ArgumentException("A rotation starts with its plan.", nameof(input));
        }

        return await RunAsync(RotationSession.Begin(context, input), input);
    }

    internal static async Task<RotationResult> RunAsync(RotationSession session, RotationInput input)
    {
        if (input.Plan.InterpreterVersion is < RotationPlan.OldestInterpreterVersion
            or > RotationPlan.CurrentInterpreterVersion)
        {
            return await WaitForRightReleaseAsync(session, input);
        }

        var steps = new StepRetries(session, new PauseWait(session));
        var undos = new UndoRunner(session, steps);
        session.Status.Running();
        if (input.Resume is { Ending: { } before } resume)
        {
            return await ContinueRollbackAsync(session, undos, resume, before);
        }

        await (input.Resume is null
            ? session.Recorder.RecordAsync(RotationActions.Started, input.Plan.RequestedBy, input.Plan.Reason)
            : session.Recorder.RecordAsync(RotationActions.CarriedOver, Actors.Rotunda, detail: null));
        var ending = await new PlanInterpreter(session, steps, undos).RunAsync(input.Resume);
        return await EndAsync(session, ending.Undoes ? await RollBackAsync(session, undos, ending) : ending);
    }

    private static async Task<Ending> RollBackAsync(RotationSession session, UndoRunner undos, Ending ending)
    {
        if (!session.Run.Started.Any(step => step.Undo.Count > 0))
        {
            return ending;
        }

        session.Run.State = RotationState.RollingBack;
        session.Status.Running();
        await session.Recorder.RecordAsync(RotationActions.RollbackStarted, ending.Actor, ending.Reason);
        return await UndoAllAsync(undos) ?? ending;
    }

    /// <summary>Its orchestration was started anew in the middle of a rollback: finish that.</summary>
    private static async Task<RotationResult> ContinueRollbackAsync(
        RotationSession session, UndoRunner undos, ResumePoint resume, ResumeEnding before)
    {
        session.Run.State = RotationState.RollingBack;
        await session.Recorder.RecordAsync(RotationActions.CarriedOver, Actors.Rotunda, before.Reason);
        if (resume.Stuck is { } reason)
        {
            // Whatever the message is, the undos look at it.
            await session.Stuck.WaitAsync(ControlPoint.StuckRollingBack, reason, resume.LookAgain, resume.StuckUntil);
        }

        var ending = new Ending(before.State, before.Reason, before.Actor, DueAgainIn(session, before));
        return await EndAsync(session, await UndoAllAsync(undos) ?? ending);
    }

    /// <summary>What the person said of it is not kept across a move: the plan's time holds then.</summary>
    private static TimeSpan? DueAgainIn(RotationSession session, ResumeEnding before) =>
        before.State is RotationState.Cancelled or RotationState.Rejected && before.Actor != Actors.Rotunda
            ? session.Run.Plan.AskAgain
            : null;

    private static Task<Ending?> UndoAllAsync(UndoRunner undos) =>
        undos.RunAsync(_ => true, ControlPoint.RollingBack, ControlPoint.StuckRollingBack);

    private static async Task<RotationResult> EndAsync(RotationSession session, Ending ending)
    {
        session.Run.State = ending.State;
        var reason = Text.Short(ending.Reason);
        session.Status.Ended(reason);
        var until = session.Run.LooksAgain ? session.Context.CurrentUtcTime + ending.DueAgainIn : null;
        await session.Recorder.RecordAsync(RotationActions.Of(ending.State), ending.Actor, reason, until);
        return new RotationResult(ending.State, reason);
    }

    /// <summary>
    /// A plan of another version waits for the release that knows it. A resume starts over with an empty history, so that
    /// the right release runs the plan from its start; nothing was touched before.
    /// </summary>
    private static async Task<RotationResult> WaitForRightReleaseAsync(RotationSession session, RotationInput input)
    {
        var effect = await session.Stuck.WaitAsync(
            ControlPoint.StuckAtVersion,
            $"The plan is for interpreter version {input.Plan.InterpreterVersion}, this release has "
            + $"{RotationPlan.OldestInterpreterVersion} to {RotationPlan.CurrentInterpreterVersion}. "
            + "Deploy a release that has it, then resume.");

        // What a person says while the resume is recorded has been heard here; in the next history nobody would know of it.
        while (effect.Kind == ControlEffectKind.Resume && await session.Control.LookAsync(ControlPoint.StuckAtVersion) is { } later)
        {
            effect = later;
        }

        if (effect.Kind == ControlEffectKind.Resume)
        {
            session.Context.ContinueAsNew(input with { RecordsWritten = session.Recorder.Written });
            return new RotationResult(RotationState.Stuck, "resumed");
        }

        return await EndAsync(session, session.Control.TakeEnding());
    }
}
