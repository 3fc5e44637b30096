using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Registry;

/// <summary>All stores: those that come with the head (the embedded one), and those that a catalog defines.</summary>
public sealed class StoreRegistry(IEnumerable<ISecretStore> stores, ProviderRegistry providers, TimeProvider time)
{
    private readonly Dictionary<string, ISecretStore> _stores = stores.ToDictionary(store => store.Name, StringComparer.Ordinal);

    /// <summary>The head's own store: the embedded one, or else the first that it has; null for none. <c>store:</c> references
    /// lead there.</summary>
    public ISecretStore? Default => _stores.GetValueOrDefault(StoreNames.Embedded) ?? _stores.Values.FirstOrDefault();

    /// <summary>A store that comes with the head.</summary>
    /// <exception cref="StoreUnavailableException">There is none of that name.</exception>
    public ISecretStore Get(string name) =>
        _stores.GetValueOrDefault(name)
            ?? throw new StoreUnavailableException(
                $"there is no store '{name}' here; known are: {string.Join(", ", _stores.Keys)}. Define it in the catalog, under "
                    + "'stores'.");

    /// <summary>True if <see cref="Open"/> would find it.</summary>
    public bool Knows(string name, IReadOnlyDictionary<string, ProviderBinding>? defined) =>
        _stores.ContainsKey(name)
            || (defined?.GetValueOrDefault(name) is { } binding && providers.Ability<IOpenStore>(binding.Type) is not null);

    /// <summary>A store of the catalog, or one that comes with the head.</summary>
    /// <param name="defined">The stores of the catalog, or of a plan made from it.</param>
    /// <param name="references">Resolves the store's own credentials.</param>
    /// <exception cref="StoreUnavailableException">There is none of that name, or its provider is not here.</exception>
    public ISecretStore Open(string name, IReadOnlyDictionary<string, ProviderBinding>? defined, IReferenceResolver references)
    {
        if (defined?.GetValueOrDefault(name) is not { } binding)
        {
            return Get(name);
        }

        return providers.Ability<IOpenStore>(binding.Type)?.Open(name, new ProviderSettings(binding.Settings, references), time)
            ?? throw new StoreUnavailableException(
                $"the store '{name}' is of the type '{binding.Type}', which cannot keep values here. "
                    + "Use another type.");
    }
}
