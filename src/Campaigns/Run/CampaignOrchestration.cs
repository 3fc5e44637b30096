using Rotunda.Campaigns.Views;
using Rotunda.Ledger;
using Rotunda.Orchestration;

namespace Rotunda.Campaigns.Run;

/// <summary>
/// Runs a campaign: a turn, a wait, and again, until there is nothing left to do. It goes over the ledger, and its members are rotations
/// like any other, not its children: so it may start anew with an empty history at any time, 5,000 members or not, and a member that
/// waits thirty days for its grace period is held by nobody.
/// </summary>
public static class CampaignOrchestration
{
    /// <summary>Then it starts anew, so that its history stays short.</summary>
    public const int TurnsPerGeneration = 100;

    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_moving = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_people = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_still = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_paused = TimeSpan.FromMinutes(10);

    public static async Task<CampaignResult> RunAsync(IOrchestrationContext context, CampaignInput? input)
    {
        var (last, quiet) = (input!.Last, 0);
        var wake = context.WaitForExternalEventAsync<string>(CampaignNames.WakeEvent);
        for (var turns = 0; turns < TurnsPerGeneration; turns++)
        {
            var turn = await TakeTurnAsync(context, new TurnInput(input.Id, input.Run));
            if (turn is { HasEnded: true })
            {
                return new CampaignResult(turn.State, turn.Counts);
            }

            quiet = turn is null || turn.Counts == last ? quiet + 1 : 0;
            last = turn?.Counts ?? last;
            context.SetCustomStatus(turn);
            if (turn is not { More: true } && await WaitAsync(context, wake, PauseOf(turn, quiet)))
            {
                quiet = 0;
                wake = context.WaitForExternalEventAsync<string>(CampaignNames.WakeEvent);
            }
        }

        context.ContinueAsNew(input with { Last = last });
        return new CampaignResult(CampaignWords.Of(CampaignState.Running), last);
    }

    /// <summary>Null for a turn that broke off (the ledger was away): the next one tries again.</summary>
    private static async Task<TurnResult?> TakeTurnAsync(IOrchestrationContext context, TurnInput input)
    {
        try
        {
            return await context.CallActivityAsync<TurnResult>(CampaignNames.Activity, input);
        }
        catch (TaskFailedException)
        {
            return null;
        }
    }

    /// <returns>True if somebody woke it.</returns>
    private static async Task<bool> WaitAsync(IOrchestrationContext context, Task wake, TimeSpan pause)
    {
        using var cancel = new CancellationTokenSource();
        var timer = context.CreateTimerAsync(context.CurrentUtcTime + pause, cancel.Token);
        await Task.WhenAny(timer, wake);
        // An unfired timer would keep its row until it is due. Not CancelAsync: that leaves the engine's thread.
        cancel.Cancel();
        return wake.IsCompleted;
    }

    /// <summary>The longer nothing has changed, the longer.</summary>
    private static TimeSpan PauseOf(TurnResult? turn, int quiet)
    {
        var longest = turn switch
        {
            { State: "paused" } => s_paused,
            { Counts: { Moving: 0, ToCome: 0, NeedPerson: 0, Stuck: 0 } } => s_still,
            { Counts: { Moving: 0, ToCome: 0 } } => s_people,
            _ => s_moving,
        };
        var pause = s_shortest * Math.Pow(2, Math.Min(quiet, 20));
        return pause < longest && turn is not { State: "paused" } ? pause : longest;
    }
}
