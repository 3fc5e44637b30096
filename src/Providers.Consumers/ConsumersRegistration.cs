using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Providers.Consumers.Compose;
using Rotunda.Providers.Consumers.Http;
using Rotunda.Providers.Consumers.KubernetesWorkloads;
using Rotunda.Providers.Contract;

namespace Rotunda.Providers.Consumers;

public static class ConsumersRegistration
{
    /// <summary>Registers every provider that restarts or checks consumers.</summary>
    public static IServiceCollection AddConsumers(this IServiceCollection services)
    {
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IProvider, ComposeProvider>(),
            ServiceDescriptor.Singleton<IProvider, HttpProvider>(),
            ServiceDescriptor.Singleton<IProvider, KubernetesWorkloadProvider>(),
        ]);
        return services;
    }
}
