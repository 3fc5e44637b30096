using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>The approval gate waits for a person's yes: before anything is touched, or before the old credential is revoked.</summary>
internal sealed class ApprovalGate(RotationSession session)
{
    private const string BeforeRevoke = "revoke";
    private readonly RotationRun _run = session.Run;

    /// <summary>Null to go on; else how the rotation ends.</summary>
    public async Task<Ending?> RunAsync(PlannedStep step)
    {
        session.Status.Enter(step);
        while (true)
        {
            var effect = await AskAsync(step);
            if (effect is null)
            {
                await session.Recorder.RecordAsync(RotationActions.ApprovalTimedOut, Actors.Rotunda, "no approval came in time");
                _run.State = RotationState.Running;
                if (!IsBeforeRevoke(step))
                {
                    return new Ending(RotationState.Cancelled, "no approval came in time", Actors.Rotunda);
                }

                effect = await session.Stuck.WaitAsync(ControlPoint.Stuck, $"{step.Title}: no approval came in time; resume asks again");
            }

            if (effect.Kind == ControlEffectKind.Approve)
            {
                // What follows may take hours and write no record of its own: the ledger must not say "waiting" meanwhile.
                _run.State = RotationState.Running;
                await session.Recorder.RecordAsync(RotationActions.ApprovalGiven, effect.Message.By, effect.Message.Reason);
                return null;
            }

            if (effect.Kind == ControlEffectKind.Stop)
            {
                return await StoppedAsync();
            }
        }
    }

    private async Task<ControlEffect?> AskAsync(PlannedStep step)
    {
        var until = _run.TakeSavedGate().Until ?? (step.Timeout is { } timeout ? session.Context.CurrentUtcTime + timeout : null);
        _run.State = RotationState.WaitingForApproval;
        var found = Shown(step);
        await session.Recorder.RecordAsync(RotationActions.ApprovalRequested, Actors.Rotunda, step.Title + found, until);
        var what = IsBeforeRevoke(step) ? "approval to revoke the old credential" : "approval to start";
        session.Status.Waiting(what + found, until, problem: null, ControlPoint.Approval);
        return await session.Control.WaitAsync(ControlPoint.Approval, until);
    }

    /// <summary>What the person is to know who says yes: what was found, and what the plan warns of.</summary>
    private string Shown(PlannedStep step)
    {
        var found = _run.FoundBy(step.Settings.GetValueOrDefault(StepSettings.Shows)) is { } findings ? $" ({findings})" : "";
        var warns = step.Settings.GetValueOrDefault(StepSettings.ShowsWarnings) == "true" && _run.Plan.Warnings.Count > 0;
        return warns ? $"{found}. {string.Join(' ', _run.Plan.Warnings)}" : found;
    }

    private async Task<Ending> StoppedAsync()
    {
        var ending = session.Control.TakeEnding();
        if (ending.State == RotationState.Rejected)
        {
            await session.Recorder.RecordAsync(RotationActions.ApprovalRejected, ending.Actor, ending.Reason);
        }

        return ending;
    }

    private bool IsBeforeRevoke(PlannedStep step) =>
        _run.Promoted || step.Settings.GetValueOrDefault(StepSettings.ApproveWhat) == BeforeRevoke;
}
