using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Rotunda.Activities.Orphans;
using Rotunda.Api.Head;
using Rotunda.Campaigns.Run;
using Rotunda.Interpreter;
using Rotunda.Leaks.Run;
using Rotunda.Rotation.Words;

namespace Rotunda.Functions;

/// <summary>The orchestrations, by their registered names.</summary>
public static class RotationFunctions
{
    [Function(RotationNames.Orchestration)]
    public static Task<RotationResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableContext.RunAsync<RotationInput, RotationResult>(context, DeskParts.Payloads, RotationOrchestration.RunAsync);

    [Function(NoticeNames.Orchestration)]
    public static Task<StepOutcome> DeliverAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableContext.RunAsync<NoticeDelivery, StepOutcome>(context, DeskParts.Payloads, NoticeOrchestration.RunAsync);

    [Function(CampaignNames.Orchestration)]
    public static Task<CampaignResult> CampaignAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableContext.RunAsync<CampaignInput, CampaignResult>(context, DeskParts.Payloads, CampaignOrchestration.RunAsync);

    [Function(OrphanOrchestration.Name)]
    public static Task<StepOutcome> SettleAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableContext.RunAsync<OrphanSettling, StepOutcome>(context, DeskParts.Payloads, OrphanOrchestration.RunAsync);

    [Function(LeakNames.Orchestration)]
    public static Task<LeakTurnResult> LeakAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableContext.RunAsync<LeakInput, LeakTurnResult>(context, DeskParts.Payloads, LeakOrchestration.RunAsync);

    [Function(LeakNames.AlertOrchestration)]
    public static Task<AlertTurnResult> AlertAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableContext.RunAsync<AlertInput, AlertTurnResult>(context, DeskParts.Payloads, AlertOrchestration.RunAsync);
}
