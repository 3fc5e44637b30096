using Rotunda.Providers.Contract;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Providers.Stores.Head;

/// <summary>The stores that come with a head, before any that a catalog defines.</summary>
/// <param name="DataDirectory">Holds secrets.db and, unless the environment gives the key, master.key. Null: there is no embedded
/// store.</param>
/// <param name="Environment">Reads environment variables: the vault's address, and
/// <see cref="Embedded.EmbeddedStore.KeyVariable"/>.</param>
/// <param name="KeyVaultExpires">How long after its promotion a value in the head's own vault is marked as expired; null for never.</param>
public sealed record HeadStoreOptions(string? DataDirectory, Func<string, string?> Environment, TimeSpan? KeyVaultExpires = null)
{
    /// <summary>The address of the head's own vault: of the store "key-vault", and where key-vault: references lead.</summary>
    public const string KeyVaultVariable = "ROTUNDA_KEY_VAULT_URI";

    /// <summary>The same, as app settings of a head in Azure are called.</summary>
    public const string KeyVaultSetting = "Rotunda__KeyVault__Uri";

    /// <summary>How long after its promotion a value in the head's own vault is marked as expired, as an app setting.</summary>
    public const string KeyVaultExpiresSetting = "Rotunda__KeyVault__Expires";

    /// <summary>The address of the head's own vault; null if it has none.</summary>
    public string? KeyVaultAddress => KeyVaultAddressOf(Environment);

    /// <summary>The stores that come with a head, for the catalog's reader.</summary>
    /// <param name="onDisk">Whether it has a data directory, and so the embedded store.</param>
    public static HeadStores StoresOf(bool onDisk, Func<string, string?> environment)
    {
        var vault = KeyVaultAddressOf(environment) is null ? Array.Empty<string>() : [StoreNames.KeyVault];
        return onDisk
            ? new HeadStores([StoreNames.Embedded, .. vault], StoreNames.Embedded)
            : new HeadStores(vault, vault.FirstOrDefault());
    }

    private static string? KeyVaultAddressOf(Func<string, string?> environment) =>
        new[] { environment(
            KeyVaultVariable), environment(KeyVaultSetting) }.FirstOrDefault(text => !string.IsNullOrWhiteSpace(text))?.Trim();
}
