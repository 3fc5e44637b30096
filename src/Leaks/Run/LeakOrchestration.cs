using Rotunda.Orchestration;

namespace Rotunda.Leaks.Run;

/// <summary>Looks after a leaked credential until it is dead: a turn, a wait, and again. What is done at a turn follows from the ledger,
/// so a turn that is taken twice does nothing twice.</summary>
public static class LeakOrchestration
{
    /// <summary>Then it starts anew, so that its history stays short.</summary>
    public const int TurnsPerGeneration = 100;

    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_moving = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_asked = TimeSpan.FromMinutes(5);

    public static async Task<LeakTurnResult> RunAsync(IOrchestrationContext context, LeakInput? input)
    {
        var last = input!.Last;
        for (var turn = 0; turn < TurnsPerGeneration; turn++)
        {
            last = await TakeTurnAsync(context, input, last);
            if (last is { HasEnded: true })
            {
                return last;
            }

            context.SetCustomStatus(last);
            await context.CreateTimerAsync(context.CurrentUtcTime + Pause(turn, last is { State: "asked" } ? s_asked : s_moving));
        }

        context.ContinueAsNew(input with { Last = last });
        return last!;
    }

    /// <summary>The longer, the longer, up to the most.</summary>
    internal static TimeSpan Pause(int turn, TimeSpan most)
    {
        var pause = s_first * Math.Pow(2, Math.Min(turn, 20));
        return pause < most ? pause : most;
    }

    /// <summary>A turn that broke off (the ledger was away) leaves it as it was: the next one tries again.</summary>
    private static async Task<LeakTurnResult?> TakeTurnAsync(IOrchestrationContext context, LeakInput input, LeakTurnResult? last)
    {
        try
        {
            return await context.CallActivityAsync<LeakTurnResult>(LeakNames.Activity, new LeakTurnInput(input with { Last = null }, last));
        }
        catch (TaskFailedException)
        {
            return last ?? new LeakTurnResult("waiting", "The first look broke off; it is taken again.");
        }
    }
}
