using Rotunda.Orchestration;

namespace Rotunda.Leaks.Run;

/// <summary>Looks after an alert: reads its value, waits until all that has this value is dead, and closes it where it came from.</summary>
public static class AlertOrchestration
{
    private static readonly TimeSpan s_most = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_away = TimeSpan.FromHours(1);

    public static async Task<AlertTurnResult> RunAsync(IOrchestrationContext context, AlertInput? input)
    {
        var last = input!.Last;
        for (var turn = 0; turn < LeakOrchestration.TurnsPerGeneration; turn++)
        {
            last = await TakeTurnAsync(context, input, last);
            if (last.HasEnded)
            {
                return last;
            }

            context.SetCustomStatus(last);
            await context.CreateTimerAsync(context.CurrentUtcTime + LeakOrchestration.Pause(turn, last.Failures > 0 ? s_away : s_most));
        }

        context.ContinueAsNew(input with { Last = last });
        return last!;
    }

    private static async Task<AlertTurnResult> TakeTurnAsync(IOrchestrationContext context, AlertInput input, AlertTurnResult? last)
    {
        try
        {
            return await context.CallActivityAsync<AlertTurnResult>(
                LeakNames.AlertActivity, new AlertTurnInput(input with { Last = null }, last));
        }
        catch (TaskFailedException)
        {
            // It is given up by a turn that can tell people so.
            last ??= new AlertTurnResult("looking", "", []);
            return last with { Message = "The last look broke off; it is taken again.", Failures = last.Failures + 1 };
        }
    }
}
