using Rotunda.Orchestration;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Orchestrations;

/// <summary>
/// The orchestration of one rotation: the interpreter (version 1) of its plan. What it calls, and in which order, is what
/// histories hold: a change that a running rotation would notice needs a new version.
/// </summary>
public static class RotationOrchestration
{
    public static async Task<RotationResult> RunAsync(IOrchestrationContext context, RotationInput? input)
    {
        var plan = input?.Plan ?? throw new ArgumentException("A rotation starts with its plan.", nameof(input));
        var run = new RotationRun(plan, input.Resume);
        var status = new StatusReporter(context, run);
        var recorder = new Recorder(context, run, status, input.RecordsWritten);
        var desk = new ControlDesk(context, run, recorder);
        var stuck = new StuckWait(run, desk, recorder, status);
        if (plan.InterpreterVersion != RotationPlan.CurrentInterpreterVersion)
        {
            return await WaitForRightReleaseAsync(context, input, run, desk, stuck, recorder, status);
        }

        var steps = new StepRunner(context, run, desk, status, new PauseWait(run, desk, recorder, status));
        var undos = new UndoRunner(run, steps, desk, stuck, recorder);
        var interpreter = new PlanInterpreter(
            run, desk, new BatchRunner(context, run, steps), undos, stuck, recorder,
            new ApprovalGate(context, run, desk, stuck, recorder, status),
            new GracePeriod(context, run, desk, stuck, recorder, status),
            new EvidenceGate(context, run, steps, desk, stuck, recorder, status), input.Resume);

        status.Running();
        if (input.Resume is { Ending: { } before } resume)
        {
            return await GoOnBackAsync(resume, before, run, undos, stuck, recorder, status);
        }

        await (input.Resume is null
            ? recorder.RecordAsync(RotationActions.Started, plan.RequestedBy, plan.Reason)
            : recorder.RecordAsync(RotationActions.CarriedOver, Actors.Rotunda, detail: null));
        var ending = await interpreter.RunAsync();
        if (ending.Undoes)
        {
            ending = await RollBackAsync(ending, run, undos, recorder, status);
        }

        return await EndAsync(ending, run, recorder, status);
    }

    private static async Task<Ending> RollBackAsync(Ending ending, RotationRun run, UndoRunner undos, Recorder recorder, StatusReporter status)
    {
        if (!run.Started.Any(step => step.Undo.Count > 0))
        {
            return ending;
        }

        run.State = RotationState.RollingBack;
        status.Running();
        await recorder.RecordAsync(RotationActions.RollbackStarted, ending.Actor, ending.Reason);
        return await undos.RunAsync(_ => true, Place.RollingBack, Place.StuckRollingBack) ?? ending;
    }

    /// <summary>It was rolling back already, where its orchestration had to be started anew.</summary>
    private static async Task<RotationResult> GoOnBackAsync(
        ResumePoint resume, ResumeEnding before, RotationRun run, UndoRunner undos, StuckWait stuck, Recorder recorder, StatusReporter status)
    {
        run.State = RotationState.RollingBack;
        await recorder.RecordAsync(RotationActions.CarriedOver, Actors.Rotunda, before.Reason);
        if (resume.Stuck is { } reason)
        {
            // Whatever the message is, the undos look at it.
            await stuck.WaitAsync(Place.StuckRollingBack, reason);
        }

        var ending = new Ending(before.State, before.Reason, before.Actor);
        return await EndAsync(await undos.RunAsync(_ => true, Place.RollingBack, Place.StuckRollingBack) ?? ending, run, recorder, status);
    }

    private static async Task<RotationResult> EndAsync(Ending ending, RotationRun run, Recorder recorder, StatusReporter status)
    {
        run.State = ending.State;
        var reason = Text.Short(ending.Reason);
        status.Ended(reason);
        await recorder.RecordAsync(RotationActions.Of(ending.State), ending.Actor, reason);
        return new RotationResult(ending.State, reason);
    }

    /// <summary>
    /// A plan of another version waits for the release that knows it. A resume starts over with an empty history, so that
    /// the right release runs the plan from its start; nothing was touched before.
    /// </summary>
    private static async Task<RotationResult> WaitForRightReleaseAsync(
        IOrchestrationContext context, RotationInput input, RotationRun run, ControlDesk desk, StuckWait stuck, Recorder recorder, StatusReporter status)
    {
        var judgement = await stuck.WaitAsync(
            Place.StuckAtVersion,
            $"The plan is for interpreter version {run.Plan.InterpreterVersion}, this release has {RotationPlan.CurrentInterpreterVersion}. Deploy a release that has it, then resume.");

        // What a person says while the resume is recorded has been heard here; in the next history nobody would know of it.
        while (judgement.Kind == JudgementKind.Resume && await desk.LookAsync(Place.StuckAtVersion) is { } later)
        {
            judgement = later;
        }

        if (judgement.Kind == JudgementKind.Resume)
        {
            context.ContinueAsNew(input with { RecordsWritten = recorder.Written });
            return new RotationResult(RotationState.Stuck, "resumed");
        }

        return await EndAsync(Ending.Of(desk.TakeStop()!), run, recorder, status);
    }
}
