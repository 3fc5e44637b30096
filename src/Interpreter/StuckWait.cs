using Rotunda.Orchestration;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>
/// What no code can settle waits here, in the open, for a person. Where it was a system that gave no answer or no time, the step
/// is looked at again every few minutes for a day, on record, and goes on by itself once the cause is gone.
/// </summary>
internal sealed class StuckWait(
    IOrchestrationContext context, RotationRun run, ControlWait control, Recorder recorder, StatusReporter status)
{
    public static readonly TimeSpan LooksFor = TimeSpan.FromDays(1);
    private static readonly RetryBudget s_pace = new(int.MaxValue, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5));

    /// <summary>
    /// Waits for the message that settles it, or for a look that finds the cause gone: that is a resume too. A resume is recorded
    /// here, everything else by who acts on it.
    /// </summary>
    /// <param name="look">Makes one attempt; true if the rotation is to go on from it. Null where only a person can tell.</param>
    /// <param name="until">When the looks end, if they had begun before.</param>
    public async Task<ControlEffect> WaitAsync(
        ControlPoint point, string reason, Func<Task<bool>>? look = null, DateTimeOffset? until = null)
    {
        var before = run.State;
        run.State = RotationState.Stuck;
        var effect = look is not null && run.LooksAgain
            ? await LookingAsync(point, reason, look, until ?? context.CurrentUtcTime + LooksFor)
            : await ForPersonAsync(point, reason);
        run.State = before;
        if (effect.Kind == ControlEffectKind.Resume)
        {
            run.Resume();
            await recorder.RecordAsync(RotationActions.Resumed, effect.Message.By, effect.Message.Reason);
        }

        return effect;
    }

    /// <summary>True if an attempt with this outcome failed because a system could not be reached, or had no time.</summary>
    public static bool MayPass(StepOutcome outcome) => outcome.Kind is StepOutcomeKind.RetryLater or StepOutcomeKind.Unknown;

    private async Task<ControlEffect> LookingAsync(ControlPoint point, string reason, Func<Task<bool>> look, DateTimeOffset until)
    {
        await recorder.RecordAsync(RotationActions.Stuck, Actors.Rotunda, reason, until);
        for (var looks = 1; ; looks++)
        {
            var next = context.CurrentUtcTime + Backoff.Pause(s_pace, looks, wish: null, emergency: false, context.NewGuid());
            if (next > until)
            {
                return await ForPersonAsync(point, reason);
            }

            status.Waiting("another look", next, reason, point);
            if (await control.WaitAsync(point, next) is { } effect)
            {
                return effect;
            }

            if (await look())
            {
                var found = new ControlMessage(ControlVerb.Resume, Actors.Rotunda, "another look found that it goes on");
                return new ControlEffect(ControlEffectKind.Resume, found);
            }
        }
    }

    private async Task<ControlEffect> ForPersonAsync(ControlPoint point, string reason)
    {
        await recorder.RecordAsync(RotationActions.Stuck, Actors.Rotunda, reason);
        status.Waiting("a person", until: null, reason, point);
        return await control.WaitForeverAsync(point);
    }
}
