using Rotunda.Orchestration;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Orchestrations;

/// <summary>Keeps the old credential alive for a time after the promotion; people may cut it short or make it longer, on record.</summary>
internal sealed class GracePeriod(IOrchestrationContext context, RotationRun run, ControlDesk desk, StuckWait stuck, Recorder recorder, StatusReporter status)
{
    /// <summary>Null to go on; else how the rotation ends.</summary>
    public async Task<Ending?> RunAsync(PlannedStep step)
    {
        status.Enter(step);
        run.State = RotationState.Grace;
        var (until, _) = run.TakeGate();
        var judgement = DurationText.TryParsePlanned(step.Settings.GetValueOrDefault(StepSettings.Duration), out var duration)
            ? await WaitAsync(until ?? (run.PromotedAt ?? context.CurrentUtcTime) + duration)
            : await UnreadableAsync(step);
        if (judgement is { Kind: JudgementKind.Stop })
        {
            return Ending.Of(desk.TakeStop()!);
        }

        var action = judgement is null ? RotationActions.GraceEnded : RotationActions.GraceSkipped;
        await recorder.RecordAsync(action, judgement?.Message.By ?? Actors.Rotunda, judgement?.Message.Reason);
        run.State = RotationState.Running;
        return null;
    }

    /// <summary>Null when the time is over; else the message that ends the wait.</summary>
    private async Task<Judgement?> WaitAsync(DateTimeOffset until)
    {
        await recorder.RecordAsync(RotationActions.GraceStarted, Actors.Rotunda, detail: null, until);
        while (true)
        {
            status.Waiting("the end of the grace period", until, problem: null, Place.Grace);
            var judgement = await desk.WaitAsync(Place.Grace, until);
            if (judgement is not { Kind: JudgementKind.Extend, Message.ExtendBy: { } by })
            {
                return judgement;
            }

            until += by;
            await recorder.RecordAsync(RotationActions.GraceExtended, judgement.Message.By, judgement.Message.Reason, until);
        }
    }

    /// <summary>A plan is frozen, so a duration that cannot be read is settled by a person: skip it, or roll back.</summary>
    private async Task<Judgement> UnreadableAsync(PlannedStep step)
    {
        while (true)
        {
            var judgement = await stuck.WaitAsync(Place.StuckAtGate, $"{step.Title}: the plan's duration cannot be read");
            if (judgement.Kind != JudgementKind.Resume)
            {
                return judgement;
            }
        }
    }
}
