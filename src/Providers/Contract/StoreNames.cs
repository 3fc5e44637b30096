namespace Rotunda.Providers.Contract;

/// <summary>The stores that can come with a head, as the catalog's <c>store:</c> names them.</summary>
public static class StoreNames
{
    /// <summary>Encrypted, in the data directory.</summary>
    public const string Embedded = "embedded";

    /// <summary>The head's own Azure Key Vault.</summary>
    public const string KeyVault = "key-vault";
}
