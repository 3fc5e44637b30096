using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Issuers.Algolia;
using Rotunda.Providers.Issuers.Anthropic;
using Rotunda.Providers.Issuers.Asana;
using Rotunda.Providers.Issuers.Auth0;
using Rotunda.Providers.Issuers.AwsIam;
using Rotunda.Providers.Issuers.AzureStorage;
using Rotunda.Providers.Issuers.Clerk;
using Rotunda.Providers.Issuers.Cloudflare;
using Rotunda.Providers.Issuers.Confluent;
using Rotunda.Providers.Issuers.Databricks;
using Rotunda.Providers.Issuers.Datadog;
using Rotunda.Providers.Issuers.DigitalOcean;
using Rotunda.Providers.Issuers.DockerHub;
using Rotunda.Providers.Issuers.ElasticCloud;
using Rotunda.Providers.Issuers.Elasticsearch;
using Rotunda.Providers.Issuers.Entra;
using Rotunda.Providers.Issuers.Estuary;
using Rotunda.Providers.Issuers.Fireworks;
using Rotunda.Providers.Issuers.Generated;
using Rotunda.Providers.Issuers.GitHubKeys;
using Rotunda.Providers.Issuers.GitLab;
using Rotunda.Providers.Issuers.Gong;
using Rotunda.Providers.Issuers.GoogleCloud;
using Rotunda.Providers.Issuers.Grafana;
using Rotunda.Providers.Issuers.HubSpot;
using Rotunda.Providers.Issuers.Keycloak;
using Rotunda.Providers.Issuers.LambdaCloud;
using Rotunda.Providers.Issuers.LaunchDarkly;
using Rotunda.Providers.Issuers.Linear;
using Rotunda.Providers.Issuers.LiteLlm;
using Rotunda.Providers.Issuers.LocalAccounts;
using Rotunda.Providers.Issuers.Manual;
using Rotunda.Providers.Issuers.MongoDbAtlas;
using Rotunda.Providers.Issuers.Neon;
using Rotunda.Providers.Issuers.Okta;
using Rotunda.Providers.Issuers.OpenAi;
using Rotunda.Providers.Issuers.OpenRouter;
using Rotunda.Providers.Issuers.Pinecone;
using Rotunda.Providers.Issuers.Portkey;
using Rotunda.Providers.Issuers.PostHog;
using Rotunda.Providers.Issuers.PulumiTokens;
using Rotunda.Providers.Issuers.Resend;
using Rotunda.Providers.Issuers.SendGrid;
using Rotunda.Providers.Issuers.Sentry;
using Rotunda.Providers.Issuers.Slack;
using Rotunda.Providers.Issuers.Snowflake;
using Rotunda.Providers.Issuers.Tailscale;
using Rotunda.Providers.Issuers.Twilio;
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
            ServiceDescriptor.Singleton<IProvider, AlgoliaProvider>(),
            ServiceDescriptor.Singleton<IProvider, AnthropicProvider>(),
            ServiceDescriptor.Singleton<IProvider, GitHubTokenProvider>(),
            ServiceDescriptor.Singleton<IProvider, ManualProvider>(),
            ServiceDescriptor.Singleton<IProvider, AsanaProvider>(),
            ServiceDescriptor.Singleton<IProvider, GongProvider>(),
            ServiceDescriptor.Singleton<IProvider, HubSpotProvider>(),
            ServiceDescriptor.Singleton<IProvider, LambdaApiKeyProvider>(),
            ServiceDescriptor.Singleton<IProvider, LinearProvider>(),
            ServiceDescriptor.Singleton<IProvider, PersonalKeyProvider>(),
            ServiceDescriptor.Singleton<IProvider, SlackTokenProvider>(),
            ServiceDescriptor.Singleton<IProvider, AtlasSecretProvider>(),
            ServiceDescriptor.Singleton<IProvider, Auth0Provider>(),
            ServiceDescriptor.Singleton<IProvider, AwsAccessKeyProvider>(),
            ServiceDescriptor.Singleton<IProvider, ClerkProvider>(),
            ServiceDescriptor.Singleton<IProvider, CloudflareProvider>(),
            ServiceDescriptor.Singleton<IProvider, ConfluentProvider>(),
            ServiceDescriptor.Singleton<IProvider, DatabricksSecretProvider>(),
            ServiceDescriptor.Singleton<IProvider, DatabricksTokenProvider>(),
            ServiceDescriptor.Singleton<IProvider, DatadogApiKeyProvider>(),
            ServiceDescriptor.Singleton<IProvider, DatadogApplicationKeyProvider>(),
            ServiceDescriptor.Singleton<IProvider, DockerHubProvider>(),
            ServiceDescriptor.Singleton<IProvider, ElasticCloudProvider>(),
            ServiceDescriptor.Singleton<IProvider, ElasticsearchProvider>(),
            ServiceDescriptor.Singleton<IProvider, EntraPasswordProvider>(),
            ServiceDescriptor.Singleton<IProvider, EstuaryProvider>(),
            ServiceDescriptor.Singleton<IProvider, FireworksProvider>(),
            ServiceDescriptor.Singleton<IProvider, GeneratedProvider>(),
            ServiceDescriptor.Singleton<IProvider, GitHubDeployKeyProvider>(),
            ServiceDescriptor.Singleton<IProvider, GitLabProvider>(),
            ServiceDescriptor.Singleton<IProvider, DeployTokenProvider>(),
            ServiceDescriptor.Singleton<IProvider, GoogleKeyProvider>(),
            ServiceDescriptor.Singleton<IProvider, GrafanaProvider>(),
            ServiceDescriptor.Singleton<IProvider, KeycloakPasswordProvider>(),
            ServiceDescriptor.Singleton<IProvider, KeycloakRotatedProvider>(),
            ServiceDescriptor.Singleton<IProvider, KeycloakSecretProvider>(),
            ServiceDescriptor.Singleton<IProvider, LambdaSshKeyProvider>(),
            ServiceDescriptor.Singleton<IProvider, LaunchDarklyProvider>(),
            ServiceDescriptor.Singleton<IProvider, LinuxPasswordProvider>(),
            ServiceDescriptor.Singleton<IProvider, LiteLlmProvider>(),
            ServiceDescriptor.Singleton<IProvider, NeonProvider>(),
            ServiceDescriptor.Singleton<IProvider, OktaSecretProvider>(),
            ServiceDescriptor.Singleton<IProvider, OpenAiAdminProvider>(),
            ServiceDescriptor.Singleton<IProvider, OpenAiServiceAccountProvider>(),
            ServiceDescriptor.Singleton<IProvider, OpenRouterProvider>(),
            ServiceDescriptor.Singleton<IProvider, PineconeProvider>(),
            ServiceDescriptor.Singleton<IProvider, PortkeyProvider>(),
            ServiceDescriptor.Singleton<IProvider, PostHogProvider>(),
            ServiceDescriptor.Singleton<IProvider, PulumiTokenProvider>(),
            ServiceDescriptor.Singleton<IProvider, R2Provider>(),
            ServiceDescriptor.Singleton<IProvider, ResendProvider>(),
            ServiceDescriptor.Singleton<IProvider, SendGridProvider>(),
            ServiceDescriptor.Singleton<IProvider, SentryProvider>(),
            ServiceDescriptor.Singleton<IProvider, ServiceAccountProvider>(),
            ServiceDescriptor.Singleton<IProvider, SlackProvider>(),
            ServiceDescriptor.Singleton<IProvider, SnowflakeKeyProvider>(),
            ServiceDescriptor.Singleton<IProvider, SnowflakePasswordProvider>(),
            ServiceDescriptor.Singleton<IProvider, SnowflakeTokenProvider>(),
            ServiceDescriptor.Singleton<IProvider, SpacesKeyProvider>(),
            ServiceDescriptor.Singleton<IProvider, StorageKeyProvider>(),
            ServiceDescriptor.Singleton<IProvider, TailscaleProvider>(),
            ServiceDescriptor.Singleton<IProvider, TwilioProvider>(),
            ServiceDescriptor.Singleton<IProvider, WindowsPasswordProvider>(),
        ]);
        return services;
    }
}
