using Rotunda.Orchestration;

namespace Rotunda.Interpreter;

/// <summary>
/// The control wait does all of a rotation's waiting: until a time, until a message that matters, or both. Messages are read
/// and judged here; one without effect is recorded, and the wait goes on.
/// </summary>
internal sealed class ControlWait(IOrchestrationContext context, RotationRun run, Recorder recorder)
{
    private const ControlVerb Unreadable = (ControlVerb)(-1);
    private readonly ControlInbox _inbox = new(context);

    /// <summary>The first message that ends the rotation. It stays until it is taken, so that every step of a group sees it.</summary>
    private ControlEffect? _stop;

    /// <summary>
    /// Takes the end that a message asked for, so that waiting can go on (for the rollback). Call it after a stop: an effect of
    /// that kind, or work that says it was interrupted.
    /// </summary>
    /// <exception cref="InvalidOperationException">No message has ended the rotation.</exception>
    public Ending TakeEnding()
    {
        var stop = _stop ?? throw new InvalidOperationException("No message has ended the rotation.");
        _stop = null;
        return Ending.Of(stop, run.Plan.AskAgain);
    }

    /// <summary>Looks at what has arrived; null if nothing that matters did.</summary>
    public async Task<ControlEffect?> LookAsync(ControlPoint point)
    {
        while (_stop is null && _inbox.TryTake(out var message))
        {
            var effect = Judge(message, point);
            if (effect.Kind == ControlEffectKind.Stop)
            {
                _stop = effect;
            }
            else if (effect.Kind == ControlEffectKind.Ignore)
            {
                await RecordIgnoredAsync(effect);
            }
            else
            {
                return effect;
            }
        }

        return _stop;
    }

    /// <summary>Waits for a message that matters; null when <paramref name="until"/> came first (null waits for ever).</summary>
    public async Task<ControlEffect?> WaitAsync(ControlPoint point, DateTimeOffset? until)
    {
        using var cancel = new CancellationTokenSource();
        Task? timer = null;
        try
        {
            while (true)
            {
                if (await LookAsync(point) is { } effect)
                {
                    return effect;
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

    /// <summary>Waits for a message that matters, however long it takes.</summary>
    public async Task<ControlEffect> WaitForeverAsync(ControlPoint point) =>
        await WaitAsync(point, until: null) ?? throw new InvalidOperationException("A wait without a time ended without a message.");

    private ControlEffect Judge(ControlMessage? message, ControlPoint point)
    {
        // Nobody acts on a rotation without a name on record.
        if (message is null || string.IsNullOrWhiteSpace(message.By))
        {
            var nameless = new ControlMessage(message?.Verb ?? Unreadable, "unknown", null);
            return new ControlEffect(ControlEffectKind.Ignore, nameless, "it cannot be read, or does not say who sent it");
        }

        return ControlRules.Judge(message, run.SituationAt(point));
    }

    private Task RecordIgnoredAsync(ControlEffect effect) => recorder.RecordAsync(
        RotationActions.ControlIgnored, effect.Message.By, $"{ControlRules.NameOf(effect.Message.Verb)} has no effect: {effect.Reason}");
}
