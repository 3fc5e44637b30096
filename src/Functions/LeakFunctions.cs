using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Rotunda.Leaks.GitHub;
using Rotunda.Leaks.Run;

namespace Rotunda.Functions;

/// <summary>The activities that look after leaks: they start rotations, so they need the way to the task hub.</summary>
public sealed class LeakFunctions(LeakTurn turn, AlertTurn alert, DurableClient client)
{
    [Function(LeakNames.Activity)]
    public Task<LeakTurnResult> TakeTurnAsync([ActivityTrigger] LeakTurnInput input, [DurableClient] DurableTaskClient durable) =>
        turn.RunAsync(input, client.Use(durable, CancellationToken.None));

    [Function(LeakNames.AlertActivity)]
    public Task<AlertTurnResult> TakeAlertTurnAsync([ActivityTrigger] AlertTurnInput input, [DurableClient] DurableTaskClient durable) =>
        alert.RunAsync(input, client.Use(durable, CancellationToken.None));
}
