using Rotunda.Ledger.Postgres;
using Rotunda.Providers.Stores.Embedded;
using Rotunda.Providers.Stores.Head;

namespace Rotunda.Activities;

/// <summary>Where the activities keep their files.</summary>
public sealed record ActivitiesOptions
{
    /// <summary>Holds ledger.db, secrets.db and, unless the environment gives the key, master.key. Null for a head without a disk: it has
    /// no embedded store, and its ledger is on PostgreSQL (<see cref="Ledger"/>).</summary>
    public required string? DataDirectory { get; init; }

    /// <summary>The ledger on PostgreSQL; null for ledger.db in the data directory.</summary>
    public PostgresLedgerOptions? Ledger { get; init; }

    /// <summary>The catalog's folder: relative file: references are relative to it. Null: the current directory.</summary>
    public string? CatalogFolder { get; init; }

    /// <summary>Reads environment variables: references, and <see cref="EmbeddedStore.KeyVariable"/>.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>How long after its promotion a value in the head's own vault is marked as expired; null for never.</summary>
    public TimeSpan? KeyVaultExpires { get; init; }

    internal HeadStoreOptions HeadStores => new(DataDirectory, Environment, KeyVaultExpires);
}
