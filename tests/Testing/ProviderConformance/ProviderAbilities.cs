using Rotunda.Providers.Contract;

namespace Rotunda.Testing.ProviderConformance;

/// <summary>What a provider's code can do.</summary>
public static class ProviderAbilities
{
    /// <summary>The provider as an ability; null if its code does not have it.</summary>
    public static T? Can<T>(this IProvider provider)
        where T : class => AbilityInterfaces.Has<T>(provider.Implemented) ? provider as T : null;
}
