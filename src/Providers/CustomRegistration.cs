using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Custom.Exec;
using Rotunda.Providers.Custom.Webhook;

namespace Rotunda.Providers;

public static class CustomRegistration
{
    /// <summary>Registers the providers that run what users wrote themselves.</summary>
    public static IServiceCollection AddCustomProviders(this IServiceCollection services)
    {
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IProvider, ExecProvider>(),
            ServiceDescriptor.Singleton<IProvider, WebhookProvider>(),
        ]);
        return services;
    }
}
