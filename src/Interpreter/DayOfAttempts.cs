using Rotunda.Orchestration;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>An activity that is tried for a day, with pauses, beside any rotation.</summary>
public static class DayOfAttempts
{
    /// <summary>For how long, from the first attempt on.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromDays(1);

    /// <summary>So many are made however late it is: nothing may have run for days.</summary>
    private const int LeastAttempts = 5;

    private static readonly RetryBudget s_budget = new(int.MaxValue, TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), Within: Limit);

    /// <param name="input">Of an attempt, by its number from 1 on.</param>
    /// <param name="settles">Whether another attempt would do no better.</param>
    /// <param name="status">Told while another attempt is waited for.</param>
    /// <returns>What the last attempt gave, and its number.</returns>
    public static async Task<(StepOutcome Last, int Attempts)> RunAsync(
        IOrchestrationContext context,
        string activity,
        Func<int, object> input,
        Func<StepOutcome, bool> settles,
        Func<int, string, object> status)
    {
        var end = context.CurrentUtcTime + Limit;
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await TryAsync(context, activity, input(attempt));
            if (settles(outcome))
            {
                return (outcome, attempt);
            }
            var next = context.CurrentUtcTime + Backoff.Pause(s_budget, attempt, outcome.RetryAfter, emergency: false, context.NewGuid());
            if (next > end && attempt >= LeastAttempts)
            {
                return (outcome, attempt);
            }
            context.SetCustomStatus(status(attempt, Text.Short(outcome.Reason ?? outcome.Kind.ToString())!));
            await context.CreateTimerAsync(next);
        }
    }

    /// <summary>An activity that fails is an attempt that failed.</summary>
    public static async Task<StepOutcome> TryAsync(IOrchestrationContext context, string activity, object input)
    {
        try
        {
            return await context.CallActivityAsync<StepOutcome>(activity, input);
        }
        catch (TaskFailedException failed)
        {
            return StepOutcome.Unknown($"The attempt broke off: {Text.Short(failed.Message)}");
        }
    }
}
