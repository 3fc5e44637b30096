using Rotunda.Activities.Ledger;
using Rotunda.Activities.Stores;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Activities;

/// <summary>Where the activities keep their files.</summary>
public sealed record ActivitiesOptions
{
    /// <summary>The store that keeps its values in the head's own vault, if it has one.</summary>
    public const string KeyVaultStore = "key-vault";

    /// <summary>The address of the head's own vault: of the store "key-vault", and where key-vault: references lead.</summary>
    public const string KeyVaultVariable = "ROTUNDA_KEY_VAULT_URI";

    /// <summary>The same, as app settings of a head in Azure are called.</summary>
    public const string KeyVaultSetting = "Rotunda__KeyVault__Uri";

    /// <summary>How long after its promotion a value in the head's own vault is marked as expired, as an app setting.</summary>
    public const string KeyVaultExpiresSetting = "Rotunda__KeyVault__Expires";

    /// <summary>Holds ledger.db, secrets.db and, unless the environment gives the key, master.key. Null for a head without a disk: it has
    /// no embedded store, and its ledger is on PostgreSQL (<see cref="Ledger"/>).</summary>
    public required string? DataDirectory { get; init; }

    /// <summary>The ledger on PostgreSQL; null for ledger.db in the data directory.</summary>
    public PostgresLedgerOptions? Ledger { get; init; }

    /// <summary>The catalog's folder: relative file: references are relative to it. Null: the current directory.</summary>
    public string? CatalogFolder { get; init; }

    /// <summary>Reads environment variables: references, and <see cref="Stores.EmbeddedStore.KeyVariable"/>.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>How long after its promotion a value in the head's own vault is marked as expired; null for never.</summary>
    public TimeSpan? KeyVaultExpires { get; init; }

    /// <summary>The address of the head's own vault; null if it has none.</summary>
    public string? KeyVaultAddress => KeyVaultAddressOf(Environment);

    /// <summary>The stores that come with a head, for the catalog's reader.</summary>
    /// <param name="onDisk">Whether it has a data directory, and so the embedded store.</param>
    public static HeadStores StoresOf(bool onDisk, Func<string, string?> environment)
    {
        var vault = KeyVaultAddressOf(environment) is null ? Array.Empty<string>() : [KeyVaultStore];
        return onDisk ? new HeadStores([EmbeddedStore.StoreName, .. vault], EmbeddedStore.StoreName) : new HeadStores(vault, vault.FirstOrDefault());
    }

    private static string? KeyVaultAddressOf(Func<string, string?> environment) =>
        new[] { environment(KeyVaultVariable), environment(KeyVaultSetting) }.FirstOrDefault(text => !string.IsNullOrWhiteSpace(text))?.Trim();
}
