using Rotunda.Orchestration;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Orchestrations;

/// <summary>
/// Delivers one message by one channel: waits for its time, tries for a day, and fails then. An instance of its own, so that no rotation
/// ever waits for a channel.
/// </summary>
public static class NoticeOrchestration
{
    /// <summary>For how long a message is tried, from the first attempt on.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromDays(1);

    private static readonly RetryBudget s_budget = new(int.MaxValue, TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), Within: Limit);

    /// <exception cref="NoticeNotDeliveredException">A day of attempts was not enough.</exception>
    public static async Task<StepOutcome> RunAsync(IOrchestrationContext context, NoticeDelivery? input)
    {
        var (channel, message) = (input!.Channel, input.Message);
        if (input.NotBefore is { } at && at > context.CurrentUtcTime)
        {
            await context.CreateTimerAsync(at);
        }
        var end = context.CurrentUtcTime + Limit;
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await SendAsync(context, new NoticeAttempt(channel, message, attempt));
            if (outcome.Succeeded)
            {
                return outcome;
            }
            var reason = outcome.Reason ?? outcome.Kind.ToString();
            var next = context.CurrentUtcTime + Backoff.Pause(s_budget, attempt, outcome.RetryAfter, emergency: false, context.NewGuid());
            if (next > end)
            {
                await SendAsync(context, new NoticeAttempt(channel, message, attempt, reason));
                throw new NoticeNotDeliveredException(channel, reason);
            }
            context.SetCustomStatus(new NoticeStatus(channel, attempt, Text.Short(reason)!));
            await context.CreateTimerAsync(next);
        }
    }

    /// <summary>An activity that fails is an attempt that failed.</summary>
    private static async Task<StepOutcome> SendAsync(IOrchestrationContext context, NoticeAttempt attempt)
    {
        try
        {
            return await context.CallActivityAsync<StepOutcome>(NoticeNames.Activity, attempt);
        }
        catch (TaskFailedException failed)
        {
            return StepOutcome.Unknown($"The attempt broke off: {Text.Short(failed.Message)}");
        }
    }
}
