using Rotunda.Orchestration;

namespace Rotunda.Campaigns.Run;

public static class CampaignTasks
{
    /// <summary>Registers the orchestration and the activity of campaigns.</summary>
    /// <param name="turn">Asked for at a turn: what takes it starts rotations, and so stands on the engine that this is registered
    /// with.</param>
    public static TaskRegistry AddTo(TaskRegistry registry, Func<CampaignTurn> turn) =>
        registry.AddOrchestration<CampaignInput, CampaignResult>(CampaignNames.Orchestration, CampaignOrchestration.RunAsync)
            .AddActivity<TurnInput, TurnResult>(
                CampaignNames.Activity, (_, input, cancellationToken) => turn().RunAsync(input!, cancellationToken));
}
