using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Custom.Exec;
using Rotunda.Providers.Custom.Rest;
using Rotunda.Providers.Custom.Webhook;
using Rotunda.Providers.Vendors;

namespace Rotunda.Providers;

public static class CustomRegistration
{
    /// <summary>Registers the providers that run what users wrote themselves.</summary>
    public static IServiceCollection AddCustomProviders(this IServiceCollection services)
    {
        services.TryAddSingleton<VendorAccess>();
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IProvider, ExecProvider>(),
            ServiceDescriptor.Singleton<IProvider, WebhookProvider>(),
            ServiceDescriptor.Singleton<IProvider, RestProvider>(),
        ]);
        return services;
    }
}
