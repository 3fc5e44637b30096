using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Targets.AuthorizedKeys;
using Rotunda.Providers.Targets.ConfigFile;
using Rotunda.Providers.Targets.DotEnv;
using Rotunda.Providers.Targets.ExternalSecrets;
using Rotunda.Providers.Targets.GitHub;
using Rotunda.Providers.Targets.KubernetesSecrets;
using Rotunda.Providers.Targets.PlainFile;
using Rotunda.Providers.Targets.PulumiEsc;

namespace Rotunda.Providers.Targets;

public static class TargetsRegistration
{
    /// <summary>Registers every provider that values are delivered to.</summary>
    public static IServiceCollection AddTargets(this IServiceCollection services)
    {
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IProvider, AuthorizedKeysProvider>(),
            ServiceDescriptor.Singleton<IProvider, ConfigFileProvider>(),
            ServiceDescriptor.Singleton<IProvider, DotEnvProvider>(),
            ServiceDescriptor.Singleton<IProvider, ExternalSecretProvider>(),
            ServiceDescriptor.Singleton<IProvider, FileProvider>(),
            ServiceDescriptor.Singleton<IProvider, GitHubProvider>(),
            ServiceDescriptor.Singleton<IProvider, KubernetesSecretProvider>(),
            ServiceDescriptor.Singleton<IProvider, PulumiEscProvider>(),
        ]);
        return services;
    }
}
