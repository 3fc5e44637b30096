namespace Rotunda.Activities.Stores;

/// <summary>All stores by name, found through dependency injection.</summary>
public sealed class StoreRegistry(IEnumerable<IStoreSecrets> stores)
{
    private readonly Dictionary<string, IStoreSecrets> _stores = stores.ToDictionary(store => store.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _stores.Keys;

    /// <exception cref="StoreUnavailableException">There is none of that name.</exception>
    public IStoreSecrets Get(string name) =>
        _stores.GetValueOrDefault(name) ?? throw new StoreUnavailableException($"there is no store '{name}' here; known are: {string.Join(", ", _stores.Keys)}.");
}
