using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Files;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Stores.Aws;
using Rotunda.Providers.Stores.AzureKeyVault;
using Rotunda.Providers.Stores.Embedded;
using Rotunda.Providers.Stores.HashiCorpVault;
using Rotunda.Providers.Stores.Head;

namespace Rotunda.Providers.Stores;

public static class StoresRegistration
{
    /// <summary>Registers every provider that keeps values.</summary>
    public static IServiceCollection AddStores(this IServiceCollection services)
    {
        services.TryAddSingleton(_ => new KeyVaultClients());
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IProvider, AwsProvider>(),
            ServiceDescriptor.Singleton<IProvider, KeyVaultProvider>(),
            ServiceDescriptor.Singleton<IProvider, VaultProvider>(),
        ]);
        return services;
    }

    /// <summary>Registers the stores that come with the head: the embedded one, where there is a disk, and its own vault, where
    /// it has one.</summary>
    public static IServiceCollection AddHeadStores(this IServiceCollection services, HeadStoreOptions options)
    {
        if (options.DataDirectory is { } folder)
        {
            services.TryAddSingleton(provider => new EmbeddedStore(
                folder,
                options.Environment(EmbeddedStore.KeyVariable),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<CrashPoints>(),
                options.Environment(EmbeddedStore.PreviousKeyVariable)));
            services.AddSingleton<ISecretStore>(provider => provider.GetRequiredService<EmbeddedStore>());
        }

        services.TryAddSingleton(_ => new KeyVaultClients());
        services.TryAddSingleton(provider => new HeadVault(
            provider.GetRequiredService<KeyVaultClients>(),
            options,
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IReadKeyVault>(provider => provider.GetRequiredService<HeadVault>());
        if (options.KeyVaultAddress is not null)
        {
            services.AddSingleton(provider => provider.GetRequiredService<HeadVault>().OpenStore());
        }

        return services;
    }
}
