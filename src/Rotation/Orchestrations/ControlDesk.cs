using Rotunda.Orchestration;

namespace Rotunda.Rotation.Orchestrations;

/// <summary>
/// Where messages are read and judged, and all waiting is done: until a time, until a message that matters, or both.
/// Messages without effect are recorded and the wait goes on.
/// </summary>
internal sealed class ControlDesk(IOrchestrationContext context, RotationRun run, Recorder recorder)
{
    private const ControlVerb Unreadable = (ControlVerb)(-1);
    private readonly ControlInbox _inbox = new(context);

    /// <summary>
    /// The first message that ends the rotation. It stays until it is taken, so that every step of a group sees it.
    /// </summary>
    public Judgement? Stop { get; private set; }

    /// <summary>Takes the decision to stop, so that waiting can go on (for the rollback).</summary>
    public Judgement? TakeStop()
    {
        var stop = Stop;
        Stop = null;
        return stop;
    }

    /// <summary>Looks at what has arrived; null if nothing that matters did.</summary>
    public async Task<Judgement?> LookAsync(Place place)
    {
        while (Stop is null && _inbox.TryTake(out var message))
        {
            var judgement = Judge(message, place);
            if (judgement.Kind == JudgementKind.Stop)
            {
                Stop = judgement;
            }
            else if (judgement.Kind == JudgementKind.Ignore)
            {
                await RecordIgnoredAsync(judgement);
            }
            else
            {
                return judgement;
            }
        }

        return Stop;
    }

    /// <summary>Waits for a message that matters; null when <paramref name="until"/> came first (null waits for ever).</summary>
    public async Task<Judgement?> WaitAsync(Place place, DateTimeOffset? until)
    {
        using var cancel = new CancellationTokenSource();
        Task? timer = null;
        try
        {
            while (true)
            {
                if (await LookAsync(place) is { } judgement)
                {
                    return judgement;
                }

                if (until <= context.CurrentUtcTime || timer is { IsCompleted: true })
                {
                    return null;
                }

                timer ??= until is { } due ? context.CreateTimerAsync(due, cancel.Token) : null;
                await Task.WhenAny(timer is null ? [_inbox.Arrived] : [timer, _inbox.Arrived]);
            }
        }
        finally
        {
            // An unfired timer would keep its row until it is due.
            cancel.Cancel();
        }
    }

    private Judgement Judge(ControlMessage? message, Place place)
    {
        // Nobody acts on a rotation without a name on record.
        if (message is null || string.IsNullOrWhiteSpace(message.By))
        {
            return new Judgement(JudgementKind.Ignore, new ControlMessage(message?.Verb ?? Unreadable, "unknown", null), "it cannot be read, or does not say who sent it");
        }

        return ControlRules.Judge(message, run.At(place));
    }

    private Task RecordIgnoredAsync(Judgement judgement) => recorder.RecordAsync(
        RotationActions.ControlIgnored, judgement.Message.By, $"{ControlRules.NameOf(judgement.Message.Verb)} has no effect: {judgement.Reason}");
}
