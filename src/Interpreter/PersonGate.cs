using System.Globalization;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>
/// The person gate waits for what a person does outside: makes a credential and gives its value, or ends the old one. What counts is
/// what its activity finds; a message only makes it look at once, so that one that is lost costs time and nothing else.
/// </summary>
internal sealed class PersonGate(RotationSession session, StepRetries steps)
{
    private static readonly RetryBudget s_pace = new(int.MaxValue, TimeSpan.FromMinutes(1), TimeSpan.FromHours(2));

    /// <summary>An emergency waits for a person as any rotation does: a look every few seconds for days would fill the ledger and the
    /// history, and find nothing sooner than the message does that comes with the value.</summary>
    private static readonly RetryBudget s_soon = new(int.MaxValue, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15));

    /// <summary>So often an emergency looks sooner: for a day, and some minutes where it tries what was given.</summary>
    private const int HurriedLooks = 100;

    /// <summary>It may wait for months, and each look stays in the orchestration's history.</summary>
    private static readonly RetryBudget s_slowly = new(int.MaxValue, TimeSpan.FromMinutes(1), TimeSpan.FromHours(12));
    private static readonly RetryBudget s_trying = new(int.MaxValue, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));
    private readonly RotationRun _run = session.Run;

    /// <summary>Null to go on; else how the rotation ends.</summary>
    public async Task<Ending?> RunAsync(PlannedStep step)
    {
        session.Status.Enter(step);
        _run.Start(step);
        var asking = new Asking(step) { Until = _run.TakeSavedGate().Until };
        while (true)
        {
            var outcome = await steps.AttemptAsync(step, undo: null);
            if (outcome.Succeeded)
            {
                await OpenAsync(asking, outcome);
                return null;
            }

            if (outcome.Kind == StepOutcomeKind.Fenced)
            {
                return Ending.Fenced(outcome);
            }

            await TellAsync(asking, outcome);
            if (await WaitAsync(asking, outcome) is { } ending)
            {
                return ending;
            }
        }
    }

    private async Task OpenAsync(Asking asking, StepOutcome outcome)
    {
        _run.Finish(asking.Step, session.Context.CurrentUtcTime, outcome.Facts);
        _run.State = RotationState.Running;
        await session.Recorder.RecordAsync(
            asking.IsValue ? RotationActions.ValueAccepted : RotationActions.RevokeSettled, Actors.Rotunda, detail: null);
    }

    /// <summary>Says what is asked, once; and why what was given does not do.</summary>
    private async Task TellAsync(Asking asking, StepOutcome outcome)
    {
        _run.State = asking.IsValue ? RotationState.WaitingForValue : RotationState.WaitingForRevoke;
        var now = session.Context.CurrentUtcTime;
        if (!asking.IsAsked)
        {
            asking.Until ??= asking.Expires is { } expires ? now + expires : null;
            asking.RemindAt = now + asking.RemindEvery;
            asking.IsAsked = true;
            await session.Recorder.RecordAsync(
                asking.IsValue ? RotationActions.ValueRequested : RotationActions.RevokeRequested,
                Actors.Rotunda, asking.Step.Title, asking.Until);
        }

        var isRefused = outcome.Facts?.ContainsKey(StepFacts.Refusal) == true;
        asking.Looks = isRefused ? 0 : asking.Looks;
        if (isRefused)
        {
            // Each is another value: the one before is kept nowhere.
            asking.Problem = outcome.Reason;
            await session.Recorder.RecordAsync(RotationActions.ValueRefused, Actors.Rotunda, outcome.Reason, asking.Until);
        }
        else if (!asking.IsValue || outcome.Facts?.ContainsKey(StepFacts.Given) == true || outcome.Kind != StepOutcomeKind.RetryLater)
        {
            asking.Problem = outcome.Reason;
        }
    }

    /// <summary>Until there is something to look at; not null if the rotation ends instead.</summary>
    private async Task<Ending?> WaitAsync(Asking asking, StepOutcome outcome)
    {
        var context = session.Context;
        var isTrying = outcome.Facts?.ContainsKey(StepFacts.Given) == true;
        asking.Looks = isTrying == asking.IsTrying ? asking.Looks + 1 : 1;
        asking.IsTrying = isTrying;
        var hurries = _run.IsEmergency && asking.Looks <= HurriedLooks;
        var pace = isTrying ? s_trying : hurries ? s_soon : asking.IsValue ? s_pace : s_slowly;
        // What is tried waits for no person.
        var pause = Backoff.Pause(pace, asking.Looks, outcome.RetryAfter, hurries && isTrying, context.NewGuid());
        // What is tried as the time ends is tried on.
        var next = Earliest(context.CurrentUtcTime + pause, asking.RemindAt, isTrying ? null : asking.Until);
        session.Status.Waiting(asking.WaitsFor, asking.Until, asking.Problem, asking.Point);
        var effect = await session.Control.WaitAsync(asking.Point, next);
        switch (effect?.Kind)
        {
            case ControlEffectKind.Stop:
                return session.Control.TakeEnding();
            case ControlEffectKind.Skip:
                await session.Recorder.RecordAsync(RotationActions.RevokeLeft, effect.Message.By, effect.Message.Reason);
                return null;
            case ControlEffectKind.Look when !asking.IsValue:
                await session.Recorder.RecordAsync(
                    RotationActions.RevokeConfirmed, effect.Message.By, effect.Message.Reason, asking.Until);
                return null;
            case ControlEffectKind.Look:
                asking.Looks = 0;
                return null;
            default:
                return asking.Until <= context.CurrentUtcTime && !isTrying ? await ExpireAsync(asking) : await RemindAsync(asking);
        }
    }

    private async Task<Ending?> RemindAsync(Asking asking)
    {
        if (asking.RemindAt <= session.Context.CurrentUtcTime)
        {
            asking.RemindAt = session.Context.CurrentUtcTime + asking.RemindEvery;
            await session.Recorder.RecordAsync(
                asking.IsValue ? RotationActions.ValueReminded : RotationActions.RevokeReminded,
                Actors.Rotunda, asking.Step.Title, asking.Until);
        }

        return null;
    }

    /// <summary>Nothing has changed yet, so it ends; unless the old one is gone already, for then only a value helps.</summary>
    private async Task<Ending?> ExpireAsync(Asking asking)
    {
        const string Late = "nobody gave a value in time; nothing was changed";
        await session.Recorder.RecordAsync(RotationActions.ValueExpired, Actors.Rotunda, Late);
        _run.State = RotationState.Running;
        if (!_run.OldIsGoing)
        {
            return new Ending(RotationState.Cancelled, Late, Actors.Rotunda);
        }

        var effect = await session.Stuck.WaitAsync(
            ControlPoint.Stuck, $"{asking.Step.Title}: nobody gave a value in time, and the old one is revoked; resume asks again");
        (asking.IsAsked, asking.Until, asking.Problem) = (false, null, null);
        return effect.Kind == ControlEffectKind.Stop ? session.Control.TakeEnding() : null;
    }

    private static DateTimeOffset Earliest(DateTimeOffset one, params ReadOnlySpan<DateTimeOffset?> others)
    {
        foreach (var other in others)
        {
            one = other < one ? other.Value : one;
        }

        return one;
    }

    /// <summary>What is asked, and how far the asking is.</summary>
    private sealed class Asking(PlannedStep step)
    {
        private static readonly TimeSpan s_daily = TimeSpan.FromDays(1);

        public PlannedStep Step => step;

        public bool IsValue => step.Kind == StepKinds.Ask;

        public ControlPoint Point => IsValue ? ControlPoint.Value : ControlPoint.OldEnds;

        public string WaitsFor => !IsValue ? "a person to end the old credential"
            : Until - Expires + Duration(StepSettings.AskDue) is { } due
                ? string.Create(CultureInfo.InvariantCulture, $"a value, due by {due.UtcDateTime:yyyy-MM-dd HH:mm} UTC")
            : "a value";

        public TimeSpan? Expires => Duration(StepSettings.AskExpires);

        public TimeSpan RemindEvery => Duration(StepSettings.RemindEvery) ?? s_daily;

        public bool IsAsked { get; set; }

        /// <summary>The last look found a value that is being tried.</summary>
        public bool IsTrying { get; set; }

        public DateTimeOffset? Until { get; set; }

        public DateTimeOffset? RemindAt { get; set; }

        public string? Problem { get; set; }

        public int Looks { get; set; }

        private TimeSpan? Duration(string setting) =>
            DurationText.TryParsePlanned(step.Settings.GetValueOrDefault(setting), out var duration) ? duration : null;
    }
}
