using System.Text;
using Rotunda.Api.Desk;

namespace Rotunda.Api.Tests;

/// <summary>Key Vault's events as Event Grid puts them into a queue: two schemas, alone or in an array, plain or as base64.</summary>
public sealed class NearExpiryEventTests
{
    // As in https://learn.microsoft.com/azure/event-grid/event-schema-key-vault
    private const string GridEvent = """
        {"id":"00eccf70-95a7-4e7c-8299-2eb17ee9ad64",
        "topic":"/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v","subject":"n",
        "eventType":"Microsoft.KeyVault.SecretNearExpiry","eventTime":"2019-07-25T01:08:33.1036736Z",
        "metadataVersion":"1","dataVersion":"1",
        "data":{"Id":"https://v.vault.azure.net/secrets/n/7","VaultName":"v",
        "ObjectType":"Secret","ObjectName":"n","Version":"7","NBF":1559081980,"EXP":1893456059}}
        """;

    private const string Cloud = """
        {"id":"00eccf70-95a7-4e7c-8299-2eb17ee9ad64",
        "source":"/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v","subject":"n",
        "type":"Microsoft.KeyVault.SecretNearExpiry","time":"2019-07-25T01:08:33.1036736Z","specversion":"1.0",
        "data":{"Id":"https://v.vault.azure.net/secrets/n/7","VaultName":"v",
        "ObjectType":"Secret","ObjectName":"n","Version":"7","NBF":1559081980,"EXP":1893456059}}
        """;

    public static TheoryData<string> Schemas() => [GridEvent, Cloud];

    [Theory]
    [MemberData(nameof(Schemas))]
    public void An_event_is_read_to_the_second_in_either_schema_and_encoding(string json)
    {
        var expected = new NearExpiryEvent("v", "n", "7", DateTimeOffset.FromUnixTimeSeconds(1893456059));

        foreach (var message in new[] { json, $" [{json}]", Base64(json), Base64($"[{json}]") })
        {
            Assert.Equal(expected, Assert.Single(NearExpiryEvent.Read(message)));
        }
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public void The_time_may_be_text_or_missing_and_names_are_read_in_any_case(string json)
    {
        var text = json.Replace("1893456059", "\"1893456059\"", StringComparison.Ordinal)
            .Replace("VaultName", "vaultName", StringComparison.Ordinal);
        var none =
            json.Replace(",\"EXP\":1893456059", "", StringComparison.Ordinal).Replace(",\"Version\":\"7\"", "", StringComparison.Ordinal);

        Assert.Equal(2030, Assert.Single(NearExpiryEvent.Read(text)).ExpiresAt!.Value.Year);
        Assert.Equal(new NearExpiryEvent("v", "n", null, null), Assert.Single(NearExpiryEvent.Read(none)));
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Events_of_other_types_are_left_out(string json)
    {
        var other = json.Replace("SecretNearExpiry", "SecretExpired", StringComparison.Ordinal);

        Assert.Empty(NearExpiryEvent.Read(other));
        Assert.Single(NearExpiryEvent.Read($"[{other},{json}]"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("[null]")]
    [InlineData("[5]")]
    [InlineData("{}")]
    [InlineData("{bad")]
    [InlineData("""{"specversion":"1.0"}""")]
    [InlineData("""{"specversion":5,"id":"1","source":"s","type":"Microsoft.KeyVault.SecretNearExpiry","data":{}}""")]
    [InlineData("not base64 either!")]
    [InlineData("bm8ganNvbg==")]
    [InlineData("""{"eventType":"Microsoft.KeyVault.SecretNearExpiry"}""")]
    public void What_is_no_event_is_refused(string message) => Assert.Throws<FormatException>(() => NearExpiryEvent.Read(message));

    [Theory]
    [MemberData(nameof(Schemas))]
    public void One_that_does_not_name_its_vault_and_its_secret_is_refused(string json)
    {
        foreach (var left in new[] { "VaultName", "ObjectName" })
        {
            Assert.Throws<FormatException>(() => NearExpiryEvent.Read(json.Replace(left, "x", StringComparison.Ordinal)));
        }
    }

    private static string Base64(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json));
}
