using System.Diagnostics.CodeAnalysis;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Registry;

/// <summary>All providers by id, found through dependency injection.</summary>
public sealed class ProviderRegistry
{
    private readonly Dictionary<string, IProvider> _providers;

    /// <exception cref="InvalidOperationException">Two providers have one id.</exception>
    public ProviderRegistry(IEnumerable<IProvider> providers)
    {
        _providers = new(StringComparer.Ordinal);
        foreach (var provider in providers)
        {
            if (!_providers.TryAdd(provider.Descriptor.Id, provider))
            {
                throw new InvalidOperationException(
                    $"Two providers have the id '{provider.Descriptor.Id}': {_providers[provider.Descriptor.Id].GetType()} and "
                        + $"{provider.GetType()}.");
            }
        }

        Descriptors = _providers.ToDictionary(p => p.Key, p => p.Value.Descriptor, StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, ProviderDescriptor> Descriptors { get; }

    public bool TryGet(string id, [NotNullWhen(true)] out IProvider? provider) => _providers.TryGetValue(id, out provider);

    /// <summary>What a binding can do, as the provider's descriptor says. Null if there is no such provider.</summary>
    public Abilities? AbilitiesOf(ProviderBinding binding) => DescriptorOf(binding)?.Abilities;

    /// <summary>The descriptor of one binding; null if there is no such provider.</summary>
    public ProviderDescriptor? DescriptorOf(ProviderBinding binding) =>
        TryGet(binding.Type, out var provider) ? provider.Descriptor.For(binding.Settings) : null;

    /// <summary>The binding's provider as an ability; null if it is unknown, or the binding does not have it.</summary>
    public T? Ability<T>(ProviderBinding binding)
        where T : class => DescriptorOf(binding) is { } descriptor ? As<T>(descriptor, binding.Type) : null;

    /// <summary>The provider as an ability; null if it is unknown or does not have it.</summary>
    public T? Ability<T>(string id)
        where T : class => _providers.TryGetValue(id, out var provider) ? As<T>(provider.Descriptor, id) : null;

    /// <summary>A class may implement more than its descriptor says: what it says holds.</summary>
    private T? As<T>(ProviderDescriptor descriptor, string id)
        where T : class => AbilityInterfaces.Has<T>(descriptor.Abilities) ? _providers[id] as T : null;
}
