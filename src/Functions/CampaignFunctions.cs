using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Rotunda.Campaigns.Run;

namespace Rotunda.Functions;

/// <summary>The activity that takes a campaign's turns: it starts rotations, so it needs the way to the task hub.</summary>
public sealed class CampaignFunctions(CampaignTurn turn, DurableClient client)
{
    [Function(CampaignNames.Activity)]
    public Task<TurnResult> TakeTurnAsync([ActivityTrigger] TurnInput input, [DurableClient] DurableTaskClient durable) =>
        turn.RunAsync(input, client.Use(durable, CancellationToken.None));
}
