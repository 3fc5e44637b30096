using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests;

/// <summary>Which of the two places of a storage account is the idle one.</summary>
public sealed class StorageKeyTests
{
    [Theory]
    [InlineData("key1", null, false, "key2")]
    [InlineData("key2@2024-01-01T00:00:00.0000000Z", null, false, "key1")]
    // Somebody changed places by hand: the value in use tells, whatever the id says.
    [InlineData("key2", null, true, "key2")]
    // An emergency has revoked it first: nobody holds what stands there now.
    [InlineData(null, "key1@2024-01-01T00:00:00.0000000Z", false, "key1")]
    public async Task The_one_that_is_not_in_use_is_made_anew(string? previous, string? ended, bool knowsValue, string expected)
    {
        await using var environment = await Bench.StartAsync("StorageKeyTable");

        using var issued = (await IssueAsync(environment, previous, ended, knowsValue)).Value;

        Assert.StartsWith(expected, environment.Table.Keys[^1].Id, StringComparison.Ordinal);
        Assert.Equal(environment.Table.Keys[^1].Value, issued!.RevealText());
    }

    [Fact]
    public async Task Where_nothing_tells_nothing_is_changed()
    {
        await using var environment = await Bench.StartAsync("StorageKeyTable");

        var issued = await IssueAsync(environment, null, null, knowsValue: false);

        Assert.Equal(StepOutcomeKind.Rejected, issued.Outcome.Kind);
        Assert.Contains("current: { id: key1 }", issued.Outcome.Reason);
        Assert.Single(environment.Table.Keys);
    }

    [Fact]
    public async Task A_place_that_holds_another_key_by_now_is_left_alone()
    {
        await using var environment = await Bench.StartAsync("StorageKeyTable");
        (await IssueAsync(environment, "key2", null, knowsValue: false)).Value!.Dispose();
        var live = environment.Table.Keys[^1].Id;

        var revoked = await environment.Provider.Can<IRevokeCredentials>()!
            .RevokeAsync(environment.Call(), new("key1@2023-05-05T05:05:05.0000000Z", null, null), default);

        Assert.Equal(StepOutcomeKind.AlreadyDone, revoked.Kind);
        Assert.Contains(environment.Table.Keys, key => key.Id == live);
    }

    private static Task<IssueResult> IssueAsync(TableEnvironment environment, string? previous, string? ended, bool knowsValue)
    {
        var value = environment.Table.Keys[0].Value;
        var request = new IssueRequest("rotunda-1", previous is null ? null : new(previous, null, null))
        {
            Ended = ended is null ? null : new(ended, null, null),
            InUse = () => Task.FromResult(knowsValue ? SecretValue.FromText(value) : null),
        };
        return environment.Provider.Can<IIssueCredentials>()!.IssueAsync(environment.Call(), request, default);
    }
}
