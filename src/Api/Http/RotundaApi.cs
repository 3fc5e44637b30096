using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rotunda.Activities;
using Rotunda.Activities.InForce;
using Rotunda.Activities.Notices;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Calendar.Feeds;
using Rotunda.Campaigns.Desk;
using Rotunda.Campaigns.Run;
using Rotunda.Leaks;
using Rotunda.Leaks.Run;
using Rotunda.Providers.Contract;
using Rotunda.Reports;
using Rotunda.Reports.Signing;

namespace Rotunda.Api.Http;

public static class RotundaApi
{
    /// <summary>
    /// The services behind the surface. The head registers what they stand on: ILedger, ISecretStore, IReferenceResolver,
    /// ProviderRegistry, IOrchestrationClient, ICatalogSource, ICallers, SignInWays, IReadiness, ISecretsHealth, IMetricsPage,
    /// TimeProvider; and TokenFile,
    /// SessionFile and LoginLinks if its callers come with tokens and cookies.
    /// </summary>
    /// <param name="limits">Null for what is usual.</param>
    public static IServiceCollection AddRotundaApi(this IServiceCollection services, RequestLimits? limits = null) => services
        .AddSingleton<ICatalogInForce, CatalogInForce>()
        .AddSingleton<CatalogAdoption>()
        .AddSingleton<SecretRenaming>()
        .AddSingleton<Leavers>()
        .AddSingleton<AdoptionDesk>()
        .AddSingleton<DoorOrder>()
        .AddSingleton<GroupOrder>()
        .AddSingleton<RotationDesk>()
        .AddSingleton<RotationControl>()
        .AddSingleton<ApprovalDesk>()
        .AddSingleton<ApprovalLinks>()
        .AddSingleton<IAnswerLinks, AnswerLinks>()
        .AddSingleton<StatusReader>()
        .AddSingleton<BoardMaker>()
        .AddSingleton<BoardDesk>()
        .AddSingleton<ExposureReader>()
        .AddSingleton<HomeReader>()
        .AddSingleton<SecretExamination>()
        .AddSingleton<HouseExamination>()
        .AddSingleton(provider => new FreezeCalendar(
            new Lazy<IReferenceResolver>(provider.GetRequiredService<IReferenceResolver>),
            provider.GetRequiredService<ActivitiesOptions>().DataDirectory,
            provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<DoctorDesk>()
        .AddSingleton<ClockDesk>()
        .AddSingleton<HoldReader>()
        .AddSingleton<NextDesk>()
        .AddSingleton<RekeyDesk>()
        .AddSingleton<Reconciler>()
        .AddSingleton<ScheduleSweep>()
        .AddSingleton<DriftSweep>()
        .AddSingleton<OrphanDesk>()
        .AddSingleton<ProvideDesk>()
        .AddSingleton<NoticeWaits>()
        .AddSingleton<NoticeEvents>()
        .AddSingleton<NoticeChanges>()
        .AddSingleton<NoticeDigests>()
        .AddSingleton<NoticeCatalog>()
        .AddSingleton<NoticeTestDesk>()
        .AddSingleton<NoticeDispatch>()
        .AddSingleton<NoticeFailures>()
        .AddSingleton<NoticeDesk>()
        .AddSingleton<ReportDesk>()
        .AddSingleton<NearExpiryDesk>()
        .AddSingleton<NearExpiryQueue>()
        .AddSingleton<CampaignMembers>()
        .AddSingleton<IMemberDesk>(provider => provider.GetRequiredService<CampaignMembers>())
        .AddSingleton<CampaignPreviewer>()
        .AddSingleton<CampaignDesk>()
        .AddSingleton<CampaignReader>()
        .AddSingleton<CampaignServices>()
        .AddSingleton<CampaignTurn>()
        .AddSingleton<ILeakDesk, LeakPort>()
        .AddRotundaLeaks()
        .AddSingleton<CheckpointKey>()
        .AddSingleton<Reporter>()
        .AddSingleton<GrantDesk>()
        .AddSingleton<TokenDesk>()
        .AddSingleton<SessionDesk>()
        .AddSingleton<ChangeReader>()
        .AddSingleton<RefusalAudit>()
        .AddSingleton(limits ?? new RequestLimits())
        .AddSingleton<RequestLimit>()
        .AddSingleton<ApiServices>()
        .AddSingleton<ApiPipeline>()
        .AddSingleton<ApiEntry>();

    /// <summary>Callers by bearer token and by session, as the server has them.</summary>
    /// <param name="tokenFile">Where the tokens are.</param>
    /// <param name="sessionFile">Where the sessions are.</param>
    /// <param name="ways">Null for login links alone.</param>
    /// <param name="options">Null for what is usual.</param>
    /// <param name="claims">Null where there is no identity provider, or it names roles as they are named here.</param>
    public static IServiceCollection AddRotundaCallers(
        this IServiceCollection services,
        string tokenFile,
        string sessionFile,
        SignInWays? ways = null,
        SignInTimes? options = null,
        RoleClaims? claims = null) => services
        .AddSingleton(provider => new TokenFile(tokenFile, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<ITokens>(provider => provider.GetRequiredService<TokenFile>())
        .AddSingleton(provider =>
            new SessionFile(sessionFile, options ?? SignInTimes.Usual, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<LoginLinks>()
        .AddSingleton(ways ?? new SignInWays([SignInWays.Link], Live: true))
        .AddSingleton(claims ?? new RoleClaims())
        .AddSingleton<TokenCallers>()
        .AddSingleton<ICallers, SessionCallers>();

    public static IEndpointRouteBuilder MapRotundaApi(this IEndpointRouteBuilder endpoints)
    {
        var pipeline = endpoints.ServiceProvider.GetRequiredService<ApiPipeline>();
        foreach (var route in ApiRoutes.All)
        {
            endpoints.MapMethods(route.Pattern, [route.Method], http => pipeline.RunAsync(http, route));
        }

        endpoints.MapFallback("/{**path}", ApiPipeline.ServePageAsync);
        return endpoints;
    }
}
