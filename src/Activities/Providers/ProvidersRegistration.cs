using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Activities.Providers.Aws;
using Rotunda.Activities.Providers.Compose;
using Rotunda.Activities.Providers.AzureKeyVault;
using Rotunda.Activities.Providers.DotEnv;
using Rotunda.Activities.Providers.ExternalSecrets;
using Rotunda.Activities.Providers.Exec;
using Rotunda.Activities.Providers.Files;
using Rotunda.Activities.Providers.Generated;
using Rotunda.Activities.Providers.HashiCorpVault;
using Rotunda.Activities.Providers.GitHub;
using Rotunda.Activities.Providers.Http;
using Rotunda.Activities.Providers.PgBouncer;
using Rotunda.Activities.Providers.Kubernetes;
using Rotunda.Activities.Providers.Postgres;
using Rotunda.Activities.Providers.Pulumi;
using Rotunda.Activities.Providers.Webhook;
using Rotunda.Activities.Providers.PostgresRows;

namespace Rotunda.Activities.Providers;

public static class ProvidersRegistration
{
    /// <summary>Registers every provider that comes with Rotunda, and the registry over them and any others.</summary>
    public static IServiceCollection AddRotundaProviders(this IServiceCollection services)
    {
        services.TryAddSingleton(_ => new KeyVaultClients());
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IProvider, GeneratedProvider>(),
            ServiceDescriptor.Singleton<IProvider, PostgresProvider>(),
            ServiceDescriptor.Singleton<IProvider, RowsProvider>(),
            ServiceDescriptor.Singleton<IProvider, DotEnvProvider>(),
            ServiceDescriptor.Singleton<IProvider, FileProvider>(),
            ServiceDescriptor.Singleton<IProvider, HttpProvider>(),
            ServiceDescriptor.Singleton<IProvider, PgBouncerProvider>(),
            ServiceDescriptor.Singleton<IProvider, VaultProvider>(),
            ServiceDescriptor.Singleton<IProvider, KubernetesSecretProvider>(),
            ServiceDescriptor.Singleton<IProvider, KubernetesWorkloadProvider>(),
            ServiceDescriptor.Singleton<IProvider, ExternalSecretProvider>(),
            ServiceDescriptor.Singleton<IProvider, KeyVaultProvider>(),
            ServiceDescriptor.Singleton<IProvider, ExecProvider>(),
            ServiceDescriptor.Singleton<IProvider, ComposeProvider>(),
            ServiceDescriptor.Singleton<IProvider, WebhookProvider>(),
            ServiceDescriptor.Singleton<IProvider, AwsProvider>(),
            ServiceDescriptor.Singleton<IProvider, GitHubProvider>(),
            ServiceDescriptor.Singleton<IProvider, PulumiEscProvider>(),
            ServiceDescriptor.Singleton<IProvider, PulumiTokenProvider>(),
        ]);
        services.TryAddSingleton<ProviderRegistry>();
        return services;
    }
}
