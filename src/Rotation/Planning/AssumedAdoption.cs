using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>A secret as it would be right after its adoption, for plans without a ledger: nothing outside is looked at.</summary>
public static class AssumedAdoption
{
    private const string Unknown = "unknown";

    /// <param name="at">When it would have been adopted.</param>
    public static SecretSnapshot Of(Policy policy, ProviderDescriptor provider, DateTimeOffset at)
    {
        var account = Account(policy, provider);
        var id = policy.Current?.Id ?? account ?? "as in use";
        var inUse = new CredentialRecord(
            1,
            policy.Name,
            0,
            CredentialState.Active,
            id,
            account,
            null,
            Unknown,
            new SecretRef(policy.Store, policy.Name, Unknown),
            at,
            null,
            null);
        return new SecretSnapshot(policy.Name, 1, [inUse], at, null);
    }

    private static string? Account(Policy policy, ProviderDescriptor provider)
    {
        var settings = policy.Provider.Settings;
        return policy.Strategy == Strategy.Alternate && provider.AccountsSetting is { } accounts
            ? policy.Current?.Id ?? (string?)(settings[accounts] as JsonArray)?[0]
            : policy.Strategy == Strategy.InPlace && provider.AccountSetting is { } account ? (string?)settings[account]
            : null;
    }
}
