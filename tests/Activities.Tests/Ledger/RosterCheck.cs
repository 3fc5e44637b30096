using System.Text.Json;
using Rotunda.Ledger;

namespace Rotunda.Activities.Tests.Ledger;

/// <summary>A ledger that has listed its secrets before reads only what has changed: whatever a test did, the list has to be what is
/// read of each secret by itself.</summary>
internal static class RosterCheck
{
    public static async Task HoldsAsync(ILedger ledger)
    {
        var listed = await ledger.ListSecretsAsync(default);
        Assert.Equal(listed.Select(secret => secret.Name).Order(StringComparer.Ordinal), listed.Select(secret => secret.Name));
        foreach (var secret in listed)
        {
            Assert.Equal(
                JsonSerializer.Serialize(await ledger.GetSecretAsync(secret.Name, default)), JsonSerializer.Serialize(secret));
        }
    }
}
