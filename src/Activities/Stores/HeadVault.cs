using Rotunda.Activities.Providers.AzureKeyVault;

namespace Rotunda.Activities.Stores;

/// <summary>The store "key-vault" that comes with a head: its own vault.</summary>
internal static class HeadVault
{
    /// <exception cref="StoreUnavailableException">The vault's address cannot be used.</exception>
    public static IStoreSecrets Open(KeyVaultHead head, KeyVaultClients clients, ActivitiesOptions options, TimeProvider time)
    {
        var store = head.OpenStore();
        if (options.KeyVaultExpires is not { } expires)
        {
            return store;
        }

        var place = new KeyVaultPlace(KeyVaultPlace.AddressOf(options.KeyVaultAddress!, ActivitiesOptions.KeyVaultVariable));
        return new KeyVaultStore(store.Name, () => new KeyVaultSession(clients.For(place), time), expires: expires);
    }
}
