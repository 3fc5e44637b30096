using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Providers;
using Rotunda.Providers.Channels;
using Rotunda.Providers.Consumers;
using Rotunda.Providers.Databases;
using Rotunda.Providers.SqlDatabases;
using Rotunda.Providers.Issuers;
using Rotunda.Providers.Registry;
using Rotunda.Providers.Stores;
using Rotunda.Providers.Targets;
using Rotunda.Reencryption;

namespace Rotunda.Activities;

public static class ProvidersRegistration
{
    /// <summary>Registers every provider that comes with Rotunda, and the registry over them and any others.</summary>
    public static IServiceCollection AddRotundaProviders(this IServiceCollection services)
    {
        services.AddIssuers().AddDatabases().AddSqlDatabases().AddStores().AddTargets().AddConsumers().AddChannels().AddCustomProviders()
            .AddReencryption();
        services.TryAddSingleton<ProviderRegistry>();
        return services;
    }
}
