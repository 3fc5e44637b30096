using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Issuers.Generated;
using Rotunda.Providers.Issuers.PulumiTokens;

namespace Rotunda.Providers.Issuers;

public static class IssuersRegistration
{
    /// <summary>Registers every provider that makes new credentials.</summary>
    public static IServiceCollection AddIssuers(this IServiceCollection services)
    {
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IProvider, GeneratedProvider>(),
            ServiceDescriptor.Singleton<IProvider, PulumiTokenProvider>(),
        ]);
        return services;
    }
}
