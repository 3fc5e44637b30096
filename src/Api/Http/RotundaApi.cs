using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rotunda.Activities.InForce;
using Rotunda.Api.Access;
using Rotunda.Api.Desk;

namespace Rotunda.Api.Http;

public static class RotundaApi
{
    /// <summary>
    /// The services behind the surface. The head registers what they stand on: ILedger, ISecretStore, IReferenceResolver,
    /// ProviderRegistry, IOrchestrationClient, ICatalogSource, ICallers, IReadiness, TimeProvider; and TokenFile if its
    /// callers come with tokens.
    /// </summary>
    /// <param name="limits">Null for what is usual.</param>
    public static IServiceCollection AddRotundaApi(this IServiceCollection services, RequestLimits? limits = null) => services
        .AddSingleton<ICatalogInForce, CatalogInForce>()
        .AddSingleton<CatalogAdoption>()
        .AddSingleton<SecretRenaming>()
        .AddSingleton<Leavers>()
        .AddSingleton<AdoptionDesk>()
        .AddSingleton<DoorOrder>()
        .AddSingleton<RotationDesk>()
        .AddSingleton<RotationControl>()
        .AddSingleton<StatusReader>()
        .AddSingleton<BoardMaker>()
        .AddSingleton<BoardDesk>()
        .AddSingleton<HomeReader>()
        .AddSingleton<SecretExamination>()
        .AddSingleton<HouseExamination>()
        .AddSingleton<DoctorDesk>()
        .AddSingleton<ClockDesk>()
        .AddSingleton<RekeyDesk>()
        .AddSingleton<Reconciler>()
        .AddSingleton<ScheduleSweep>()
        .AddSingleton<DriftSweep>()
        .AddSingleton<OrphanDesk>()
        .AddSingleton<NoticeDesk>()
        .AddSingleton<ReportDesk>()
        .AddSingleton<NearExpiryDesk>()
        .AddSingleton<NearExpiryQueue>()
        .AddSingleton<TokenDesk>()
        .AddSingleton<RefusalAudit>()
        .AddSingleton(limits ?? new RequestLimits())
        .AddSingleton<RequestLimit>()
        .AddSingleton<ApiServices>()
        .AddSingleton<ApiPipeline>()
        .AddSingleton<ApiEntry>();

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
