using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>
/// The grace period keeps the old credential alive for a time after the promotion; people may cut it short or make it longer,
/// on record. So does the time for which it is disabled as a trial, which counts from there.
/// </summary>
internal sealed class GracePeriod(RotationSession session)
{
    /// <summary>Null to go on; else how the rotation ends.</summary>
    public async Task<Ending?> RunAsync(PlannedStep step)
    {
        var (_, run, control, _, recorder, status) = session;
        status.Enter(step);
        run.State = RotationState.Grace;
        var (until, _) = run.TakeSavedGate();
        var effect = DurationText.TryParsePlanned(step.Settings.GetValueOrDefault(StepSettings.Duration), out var duration)
            ? await WaitAsync(step, until ?? Beginning(step) + duration)
            : await UnreadableAsync(step);
        if (effect is { Kind: ControlEffectKind.Stop })
        {
            return control.TakeEnding();
        }

        var action = effect is null ? RotationActions.GraceEnded : RotationActions.GraceSkipped;
        await recorder.RecordAsync(action, effect?.Message.By ?? Actors.Rotunda, effect?.Message.Reason);
        run.State = RotationState.Running;
        return null;
    }

    private static bool IsTrial(PlannedStep step) => step.Settings.GetValueOrDefault(StepSettings.From) == StepSettings.Here;

    private DateTimeOffset Beginning(PlannedStep step) =>
        IsTrial(step) ? session.Context.CurrentUtcTime : session.Run.PromotedAt ?? session.Context.CurrentUtcTime;

    /// <summary>Null when the time is over; else the message that ends the wait.</summary>
    private async Task<ControlEffect?> WaitAsync(PlannedStep step, DateTimeOffset until)
    {
        var recorder = session.Recorder;
        await recorder.RecordAsync(RotationActions.GraceStarted, Actors.Rotunda, detail: null, until);
        while (true)
        {
            session.Status.Waiting(
                IsTrial(step) ? "the end of the trial cut-off" : "the end of the grace period", until, problem: null, ControlPoint.Grace);
            var effect = await session.Control.WaitAsync(ControlPoint.Grace, until);
            if (effect is not { Kind: ControlEffectKind.Extend, Message.ExtendBy: { } by })
            {
                return effect;
            }

            until += by;
            await recorder.RecordAsync(RotationActions.GraceExtended, effect.Message.By, effect.Message.Reason, until);
        }
    }

    /// <summary>A plan is frozen, so a duration that cannot be read is settled by a person: skip it, or roll back.</summary>
    private async Task<ControlEffect> UnreadableAsync(PlannedStep step)
    {
        while (true)
        {
            var effect = await session.Stuck.WaitAsync(ControlPoint.StuckAtGate, $"{step.Title}: the plan's duration cannot be read");
            if (effect.Kind != ControlEffectKind.Resume)
            {
                return effect;
            }
        }
    }
}
