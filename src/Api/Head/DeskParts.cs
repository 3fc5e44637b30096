using Microsoft.Extensions.DependencyInjection;
using Rotunda.Activities;
using Rotunda.Activities.Orphans;
using Rotunda.Api.Desk;
using Rotunda.Api.Http;
using Rotunda.Campaigns.Run;
using Rotunda.Leaks;
using Rotunda.Leaks.GitHub;
using Rotunda.Leaks.Run;
using Rotunda.Orchestration;
using Rotunda.Interpreter;

namespace Rotunda.Api.Head;

/// <summary>What every head is made of. A head adds its engine, its identity, and where the catalog comes from.</summary>
public static class DeskParts
{
    /// <summary>As a plan has it. Quotes in a text are escaped, so it stands nowhere else.</summary>
    private const string EmergencyTrigger = "\"trigger\":\"emergency\"";

    /// <summary>The contracts of everything that goes into a history, in every engine.</summary>
    public static PayloadSerializer Payloads { get; } = new(
        RotationJson.Default, OrphanJson.Default, CampaignJson.Default, LeakJson.Default);

    /// <summary>True for a campaign, for a leak, and for a rotation whose plan is an emergency's.</summary>
    /// <param name="input">As the history has it.</param>
    public static bool GoesFirst(string orchestration, string? input) =>
        orchestration is CampaignNames.Orchestration or LeakNames.Orchestration or LeakNames.AlertOrchestration
        || orchestration == RotationNames.Orchestration && input?.Contains(EmergencyTrigger, StringComparison.Ordinal) == true;

    /// <summary>Every orchestration and activity.</summary>
    public static TaskRegistry Tasks(IServiceProvider provider) =>
        LeakTasks.AddTo(
            CampaignTasks.AddTo(
                ActivitiesRegistration.AddTo(RotationOrchestrations.AddTo(new TaskRegistry()), provider),
                provider.GetRequiredService<CampaignTurn>),
            provider.GetRequiredService<LeakTurn>,
            provider.GetRequiredService<AlertTurn>);

    /// <summary>
    /// Registers the ledger, the store, the providers, the desk and the HTTP surface. The head registers what they stand on:
    /// IOrchestrationClient, IEngineProbe, ICatalogText and ICallers.
    /// </summary>
    /// <param name="cleaning">How long the task hub keeps what has ended.</param>
    public static IServiceCollection AddRotundaDesk(
        this IServiceCollection services,
        ActivitiesOptions options,
        HubCleaningOptions cleaning) =>
        services
            .AddRotundaProviders()
            .AddRotundaActivities(options)
            .AddRotundaApi()
            .AddSingleton<RefreshingCatalog>()
            .AddSingleton<ICatalogSource>(provider => provider.GetRequiredService<RefreshingCatalog>())
            .AddSingleton<Readiness>()
            .AddSingleton<IReadiness>(provider => provider.GetRequiredService<Readiness>())
            .AddSingleton(cleaning)
            .AddSingleton<HubCleaning>()
            .AddSingleton<JobTimes>()
            .AddSingleton<HeadJobs>();
}
