using Microsoft.Extensions.DependencyInjection;
using Rotunda.Activities.Listing;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>What the provider lists, apart from any rotation: orphans, ends, and the credential in use of a new secret.</summary>
public sealed class OrphanLookTests : IDisposable
{
    private static readonly Policy Policy = new()
    {
        Name = "app",
        Strategy = Strategy.Overlap,
        Provider = new ProviderBinding("listing", []),
    };

    private readonly StepHarness _harness = new();

    private FakeWorld World => _harness.World;

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task What_has_our_label_and_is_not_in_the_ledger_becomes_an_orphan_once()
    {
        await AdoptAsync();
        var ours = World.Add("rotunda-app-7-salt");
        World.Add("rotunda-app-7-c0ffee");
        World.Add("rotunda-apple-7-salt");
        World.Add("by hand");

        Assert.Equal(1, (await LookAsync())!.Found);
        Assert.Equal(0, (await LookAsync())!.Found);

        var orphan = Assert.Single(await _harness.Ledger.ListOrphansAsync(default));
        Assert.Equal((ours.Id, ours.Label), (orphan.ProviderCredentialId, orphan.Label));
        Assert.Contains("not in the ledger", orphan.Note);
        Assert.All(World.Keys, key => Assert.True(key.Works));
    }

    [Fact]
    public async Task What_a_person_has_settled_is_not_found_again()
    {
        await AdoptAsync();
        World.Add("rotunda-app-7-salt");
        await LookAsync();
        var orphan = Assert.Single(await _harness.Ledger.ListOrphansAsync(default));
        Assert.True(await _harness.Ledger.SettleOrphanAsync(orphan.Id, CredentialState.HandedOver, "ada", "the old site", default));
        Assert.False(await _harness.Ledger.SettleOrphanAsync(orphan.Id, CredentialState.Revoked, "ada", "again", default));

        Assert.Equal(0, (await LookAsync())!.Found);
        Assert.Empty(await _harness.Ledger.ListOrphansAsync(default));
    }

    [Fact]
    public async Task While_a_rotation_is_open_it_looks_itself_and_what_it_looks_for_is_no_orphan_afterwards()
    {
        await AdoptAsync();
        await _harness.StartAsync(Strategy.Overlap);
        World.LoseAnswerOf = World.Calls + 1;
        Assert.Equal(StepOutcomeKind.Unknown, (await _harness.RunAsync(Plans.Step("Issue", "listing"))).Kind);
        Assert.Null(await LookAsync());

        await _harness.Ledger.RecordStateAsync(
            new RecordInput("app-1", 1, 1, RotationState.RolledBack, "rotation.rolled-back", "rotunda", null, null), default);
        Assert.Equal(0, (await LookAsync())!.Found);
    }

    [Fact]
    public async Task When_a_credential_ends_by_itself_is_learnt_and_makes_the_secret_due()
    {
        var key = await AdoptAsync();
        Assert.Null((await _harness.Ledger.GetSecretAsync("app", default))!.EndsAt);
        key.ExpiresAt = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await LookAsync();
        await LookAsync();
        Assert.Equal(key.ExpiresAt, (await _harness.Ledger.GetSecretAsync("app", default))!.EndsAt);
        key.ExpiresAt = null;
        await LookAsync();
        Assert.NotNull((await _harness.Ledger.GetSecretAsync("app", default))!.EndsAt);
    }

    [Fact]
    public async Task What_cannot_be_listed_is_told_without_a_value_and_what_cannot_list_is_left_alone()
    {
        await AdoptAsync();
        World.LoseAnswerOf = World.Calls + 1;
        Assert.Equal("the answer was lost", (await LookAsync())!.Problem);
        Assert.Null(await LookAsync(Policy with { Provider = new ProviderBinding("fake", []) }));
    }

    [Fact]
    public async Task The_credential_in_use_is_found_by_its_name_or_by_what_is_shown_of_its_value()
    {
        var first = World.Add("of the shop");
        var second = World.Add("of the shop");
        World.Add("another");
        using var value = SecretValue.FromText(second.Value);
        Assert.Equal(second.Id, (await FindAsync(null, value))!.Handle.Id);
        Assert.Equal(second.Id, (await FindAsync("of the shop", value))!.Handle.Id);
        Assert.Null(await FindAsync(null, null));
        using var other = SecretValue.FromText("nobody-has-this");
        Assert.Null(await FindAsync(null, other));

        Assert.Contains("lists 2 credentials", (await Assert.ThrowsAsync<ArgumentException>(() => FindAsync("of the shop", null))).Message);
        Assert.Contains("no credential", (await Assert.ThrowsAsync<ArgumentException>(() => FindAsync("of a shop", null))).Message);
        Assert.Contains("other characters", (await Assert.ThrowsAsync<ArgumentException>(() => FindAsync("another", value))).Message);
        Assert.True(first.Works);
    }

    private async Task<FakeKey> AdoptAsync()
    {
        var key = World.Add(null);
        await _harness.AdoptAsync(key.Value, key.Id, null);
        return key;
    }

    private Task<OrphanReport?> LookAsync(Policy? policy = null) =>
        _harness.Services.GetRequiredService<OrphanLook>().LookAsync(policy ?? Policy, default);

    private Task<Rotunda.Providers.Contract.ListedCredential?> FindAsync(string? name, SecretValue? value) =>
        _harness.Services.GetRequiredService<CurrentFinder>().FindAsync(
            Policy with { Current = new CurrentCredential(null, null) { Name = name } }, value, default);
}
