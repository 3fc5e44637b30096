using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Providers.Contract;

namespace Rotunda.Reencryption;

public static class ReencryptionRegistration
{
    /// <summary>Registers every provider that moves stored data to another key.</summary>
    public static IServiceCollection AddReencryption(this IServiceCollection services)
    {
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IProvider, RowsProvider>(),
        ]);
        return services;
    }
}
