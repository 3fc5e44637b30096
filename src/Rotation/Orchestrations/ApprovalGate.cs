using Rotunda.Orchestration;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Orchestrations;

/// <summary>Waits for a person's yes: before anything is touched, or before the old credential is revoked.</summary>
internal sealed class ApprovalGate(IOrchestrationContext context, RotationRun run, ControlDesk desk, StuckWait stuck, Recorder recorder, StatusReporter status)
{
    private const string BeforeRevoke = "revoke";

    /// <summary>Null to go on; else how the rotation ends.</summary>
    public async Task<Ending?> RunAsync(PlannedStep step)
    {
        status.Enter(step);
        while (true)
        {
            var judgement = await AskAsync(step);
            if (judgement is null)
            {
                await recorder.RecordAsync(RotationActions.ApprovalTimedOut, Actors.Rotunda, "no approval came in time");
                run.State = RotationState.Running;
                if (!IsBeforeRevoke(step))
                {
                    return new Ending(RotationState.Cancelled, "no approval came in time", Actors.Rotunda);
                }

                judgement = await stuck.WaitAsync(Place.Stuck, $"{step.Title}: no approval came in time; resume asks again");
            }

            if (judgement.Kind == JudgementKind.Approve)
            {
                // What follows may take hours and write no record of its own: the ledger must not say "waiting" meanwhile.
                run.State = RotationState.Running;
                await recorder.RecordAsync(RotationActions.ApprovalGiven, judgement.Message.By, judgement.Message.Reason);
                return null;
            }

            if (judgement.Kind == JudgementKind.Stop)
            {
                return await StoppedAsync();
            }
        }
    }

    private async Task<Judgement?> AskAsync(PlannedStep step)
    {
        var until = run.TakeGate().Until ?? (step.Timeout is { } timeout ? context.CurrentUtcTime + timeout : null);
        run.State = RotationState.WaitingForApproval;
        var found = Shown(step);
        await recorder.RecordAsync(RotationActions.ApprovalRequested, Actors.Rotunda, step.Title + found, until);
        status.Waiting((IsBeforeRevoke(step) ? "approval to revoke the old credential" : "approval to start") + found, until, problem: null, Place.Approval);
        return await desk.WaitAsync(Place.Approval, until);
    }

    /// <summary>What the person is to know who says yes: what was found, and what the plan warns of.</summary>
    private string Shown(PlannedStep step)
    {
        var found = run.FoundBy(step.Settings.GetValueOrDefault(StepSettings.Shows)) is { } findings ? $" ({findings})" : "";
        return step.Settings.GetValueOrDefault(StepSettings.ShowsWarnings) == "true" && run.Plan.Warnings.Count > 0 ? $"{found}. {string.Join(' ', run.Plan.Warnings)}" : found;
    }

    private async Task<Ending> StoppedAsync()
    {
        var ending = Ending.Of(desk.TakeStop()!);
        if (ending.State == RotationState.Rejected)
        {
            await recorder.RecordAsync(RotationActions.ApprovalRejected, ending.Actor, ending.Reason);
        }

        return ending;
    }

    private bool IsBeforeRevoke(PlannedStep step) =>
        run.Promoted || step.Settings.GetValueOrDefault(StepSettings.ApproveWhat) == BeforeRevoke;
}
