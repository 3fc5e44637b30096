using Rotunda.Orchestration;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>
/// Delivers one message by one channel: waits for its time, tries for a day, and fails then. An instance of its own, so that no rotation
/// ever waits for a channel.
/// </summary>
public static class NoticeOrchestration
{
    /// <summary>For how long a message is tried, from the first attempt on.</summary>
    public static readonly TimeSpan Limit = DayOfAttempts.Limit;

    /// <exception cref="NoticeNotDeliveredException">A day of attempts was not enough.</exception>
    public static async Task<StepOutcome> RunAsync(IOrchestrationContext context, NoticeDelivery? input)
    {
        var (channel, message) = (input!.Channel, input.Message);
        if (input.NotBefore is { } at && at > context.CurrentUtcTime)
        {
            await context.CreateTimerAsync(at);
        }
        var (last, attempts) = await DayOfAttempts.RunAsync(
            context,
            NoticeNames.Activity,
            attempt => new NoticeAttempt(channel, message, attempt),
            outcome => outcome.Succeeded,
            (attempt, why) => new NoticeStatus(channel, attempt, why));
        if (last.Succeeded)
        {
            return last;
        }
        var reason = last.Reason ?? last.Kind.ToString();
        await DayOfAttempts.TryAsync(context, NoticeNames.Activity, new NoticeAttempt(channel, message, attempts, reason));
        throw new NoticeNotDeliveredException(channel, reason);
    }
}
