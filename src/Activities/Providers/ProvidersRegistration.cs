using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Activities.Providers.DotEnv;
using Rotunda.Activities.Providers.Files;
using Rotunda.Activities.Providers.Generated;
using Rotunda.Activities.Providers.Http;
using Rotunda.Activities.Providers.Postgres;
using Rotunda.Activities.Providers.PostgresRows;

namespace Rotunda.Activities.Providers;

public static class ProvidersRegistration
{
    /// <summary>Registers every provider that comes with Rotunda, and the registry over them and any others.</summary>
    public static IServiceCollection AddRotundaProviders(this IServiceCollection services)
    {
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IProvider, GeneratedProvider>(),
            ServiceDescriptor.Singleton<IProvider, PostgresProvider>(),
            ServiceDescriptor.Singleton<IProvider, RowsProvider>(),
            ServiceDescriptor.Singleton<IProvider, DotEnvProvider>(),
            ServiceDescriptor.Singleton<IProvider, FileProvider>(),
            ServiceDescriptor.Singleton<IProvider, HttpProvider>(),
        ]);
        services.TryAddSingleton<ProviderRegistry>();
        return services;
    }
}
