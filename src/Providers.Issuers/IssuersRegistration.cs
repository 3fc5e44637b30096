using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Issuers.Cloudflare;
using Rotunda.Providers.Issuers.DockerHub;
using Rotunda.Providers.Issuers.Generated;
using Rotunda.Providers.Issuers.Grafana;
using Rotunda.Providers.Issuers.Neon;
using Rotunda.Providers.Issuers.OpenAi;
using Rotunda.Providers.Issuers.OpenRouter;
using Rotunda.Providers.Issuers.Pinecone;
using Rotunda.Providers.Issuers.Portkey;
using Rotunda.Providers.Issuers.PostHog;
using Rotunda.Providers.Issuers.PulumiTokens;
using Rotunda.Providers.Issuers.Resend;
using Rotunda.Providers.Vendors;

namespace Rotunda.Providers.Issuers;

public static class IssuersRegistration
{
    /// <summary>Registers every provider that makes new credentials.</summary>
    public static IServiceCollection AddIssuers(this IServiceCollection services)
    {
        services.TryAddSingleton<VendorAccess>();
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IProvider, CloudflareProvider>(),
            ServiceDescriptor.Singleton<IProvider, DockerHubProvider>(),
            ServiceDescriptor.Singleton<IProvider, GeneratedProvider>(),
            ServiceDescriptor.Singleton<IProvider, GrafanaProvider>(),
            ServiceDescriptor.Singleton<IProvider, NeonProvider>(),
            ServiceDescriptor.Singleton<IProvider, OpenAiAdminProvider>(),
            ServiceDescriptor.Singleton<IProvider, OpenAiServiceAccountProvider>(),
            ServiceDescriptor.Singleton<IProvider, OpenRouterProvider>(),
            ServiceDescriptor.Singleton<IProvider, PineconeProvider>(),
            ServiceDescriptor.Singleton<IProvider, PortkeyProvider>(),
            ServiceDescriptor.Singleton<IProvider, PostHogProvider>(),
            ServiceDescriptor.Singleton<IProvider, PulumiTokenProvider>(),
            ServiceDescriptor.Singleton<IProvider, ResendProvider>(),
        ]);
        return services;
    }
}
