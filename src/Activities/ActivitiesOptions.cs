using Rotunda.Activities.Ledger;

namespace Rotunda.Activities;

/// <summary>Where the activities keep their files.</summary>
public sealed record ActivitiesOptions
{
    /// <summary>Holds ledger.db (unless <see cref="Ledger"/> is elsewhere), secrets.db and, unless the environment gives the key, master.key.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The ledger on PostgreSQL; null for ledger.db in the data directory.</summary>
    public PostgresLedgerOptions? Ledger { get; init; }

    /// <summary>The catalog's folder: relative file: references are relative to it. Null: the current directory.</summary>
    public string? CatalogFolder { get; init; }

    /// <summary>Reads environment variables: references, and <see cref="Stores.EmbeddedStore.KeyVariable"/>.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;
}
