using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Providers.Channels.Email;
using Rotunda.Providers.Channels.GitHubIssues;
using Rotunda.Providers.Channels.Opsgenie;
using Rotunda.Providers.Channels.PagerDuty;
using Rotunda.Providers.Channels.SignedWebhook;
using Rotunda.Providers.Channels.Slack;
using Rotunda.Providers.Channels.Teams;
using Rotunda.Providers.Contract;

namespace Rotunda.Providers.Channels;

public static class ChannelsRegistration
{
    /// <summary>Registers every provider that sends notices.</summary>
    public static IServiceCollection AddChannels(this IServiceCollection services)
    {
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IProvider, EmailChannel>(),
            ServiceDescriptor.Singleton<IProvider, SlackChannel>(),
            ServiceDescriptor.Singleton<IProvider, TeamsChannel>(),
            ServiceDescriptor.Singleton<IProvider, SignedWebhookChannel>(),
            ServiceDescriptor.Singleton<IProvider, GitHubIssueChannel>(),
            ServiceDescriptor.Singleton<IProvider, PagerDutyChannel>(),
            ServiceDescriptor.Singleton<IProvider, OpsgenieChannel>(),
        ]);
        return services;
    }
}
