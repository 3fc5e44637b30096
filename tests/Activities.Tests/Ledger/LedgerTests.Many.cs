using System.Text.Json.Nodes;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Ledger;

/// <summary>What is told of very many secrets at once.</summary>
public abstract partial class LedgerTests
{
    /// <summary>More than go into one transaction, and some over what goes into whole statements.</summary>
    private const int Many = 603;

    [Fact]
    public async Task Intervals_of_very_many_are_told_and_the_same_again_changes_nothing()
    {
        await AddManyAsync();
        List<SecretInterval> told =
        [
            .. Enumerable.Range(0, Many).Select(number => new SecretInterval(
                NameOf(number),
                number % 3 == 0 ? null : TimeSpan.FromDays(number + 1),
                number % 2 == 0 ? null : TimeSpan.FromHours(number + 1))),
        ];
        await Ledger.SetIntervalsAsync([.. told, new SecretInterval("unknown", TimeSpan.FromDays(1), null)], default);

        var listed = await Ledger.ListSecretsAsync(default);
        Assert.Equal(told, listed.Select(secret => new SecretInterval(secret.Name, secret.Interval, secret.RenewBefore)));
        await Ledger.SetIntervalsAsync(told, default);
        Assert.Same(listed, await Ledger.ListSecretsAsync(default));

        told[300] = told[300] with { Interval = null, RenewBefore = TimeSpan.FromMinutes(1) };
        await Ledger.SetIntervalsAsync(told, default);
        var after = await Ledger.ListSecretsAsync(default);
        Assert.Equal((null, TimeSpan.FromMinutes(1)), (after[300].Interval, after[300].RenewBefore));
        Assert.Single(after.Where((secret, number) => !ReferenceEquals(secret, listed[number])));
    }

    [Fact]
    public async Task Policies_of_very_many_are_kept_and_the_same_again_changes_nothing()
    {
        await AddManyAsync();
        List<(string Name, string Policy)> told =
            [.. Enumerable.Range(0, Many).Select(number => (NameOf(number), $$"""{"it's": "{{number}} ü"}"""))];
        await Ledger.SetPoliciesAsync(told, default);

        var listed = await Ledger.ListSecretsAsync(default);
        Assert.All(listed, secret => Assert.True(secret.HasPolicy));
        foreach (var number in new[] { 0, 99, 100, 499, 500, 599, 600, Many - 1 })
        {
            Assert.Equal(told[number].Policy, await Ledger.GetPolicyAsync(NameOf(number), default));
        }

        await Ledger.SetPoliciesAsync(told, default);
        Assert.Same(listed, await Ledger.ListSecretsAsync(default));
    }

    [Fact]
    public async Task Of_a_catalog_that_was_read_again_only_what_was_read_anew_is_kept_again()
    {
        await AddManyAsync();
        var policies = Enumerable.Range(0, Many).ToDictionary(NameOf, PolicyOf, StringComparer.Ordinal);
        policies["later"] = PolicyOf(0) with { Name = "later" };
        using var keeper = new PolicyKeeper(Ledger);
        await keeper.KeepAsync(new RotationCatalog(policies, "one", "/"), default);
        Assert.All(await Ledger.ListSecretsAsync(default), secret => Assert.True(secret.HasPolicy));

        // What is kept again is seen by what is written over.
        await Ledger.SetPoliciesAsync([(NameOf(1), "other"), (NameOf(2), "other")], default);
        policies = new Dictionary<string, Policy>(policies, StringComparer.Ordinal)
        {
            [NameOf(2)] = PolicyOf(2) with { Owner = "another team" },
        };
        await keeper.KeepAsync(new RotationCatalog(policies, "one", "/"), default);
        Assert.Equal(("other", "other"), (await KeptAsync(1), await KeptAsync(2)));
        await keeper.KeepAsync(new RotationCatalog(policies, "two", "/"), default);
        Assert.Equal("other", await KeptAsync(1));
        Assert.Equal("another team", KeptPolicy.Of(await KeptAsync(2))!.Policy.Owner);

        // One that the ledger did not have before is kept once it has.
        await Ledger.AdoptAsync(new AdoptSecret("later", "anna", null), default);
        await keeper.KeepAsync(new RotationCatalog(policies, "two", "/"), default);
        Assert.NotNull(await Ledger.GetPolicyAsync("later", default));

        // The stores stand in each.
        var stores = new Dictionary<string, ProviderBinding> { ["vault"] = new("key-vault", new JsonObject { ["vault"] = "one" }) };
        await keeper.KeepAsync(new RotationCatalog(policies, "three", "/", stores), default);
        Assert.Equal(["vault"], KeptPolicy.Of(await KeptAsync(1))!.Stores!.Keys);

        Task<string?> KeptAsync(int number) => Ledger.GetPolicyAsync(NameOf(number), default);
    }

    [Fact]
    public async Task A_start_looks_at_no_policy_of_a_catalog_that_is_kept_whole()
    {
        await AddManyAsync();
        var policies = Enumerable.Range(0, Many).ToDictionary(NameOf, PolicyOf, StringComparer.Ordinal);
        var catalog = new RotationCatalog(policies, "one", "/");
        await StartAsync(catalog);
        Assert.NotEmpty((await Ledger.GetKeptCatalogAsync(default))!);

        await Ledger.SetPoliciesAsync([(NameOf(1), "other")], default);
        await StartAsync(catalog);
        Assert.Equal("other", await Ledger.GetPolicyAsync(NameOf(1), default));

        // Its texts may be others elsewhere.
        await StartAsync(catalog with { Folder = "/elsewhere" });
        Assert.NotEqual("other", await Ledger.GetPolicyAsync(NameOf(1), default));

        // As one leaves it that was cut off.
        await Ledger.SetKeptCatalogAsync("", default);
        await Ledger.SetPoliciesAsync([(NameOf(1), "other")], default);
        await StartAsync(catalog with { Folder = "/elsewhere" });
        Assert.NotEqual("other", await Ledger.GetPolicyAsync(NameOf(1), default));

        // What is not whole is not said to be.
        policies["later"] = PolicyOf(0) with { Name = "later" };
        await StartAsync(new RotationCatalog(policies, "two", "/"));
        Assert.Equal("", await Ledger.GetKeptCatalogAsync(default));

        async Task StartAsync(RotationCatalog read)
        {
            using var keeper = new PolicyKeeper(Ledger);
            await keeper.KeepAsync(read, default);
            await keeper.KeepAsync(read, default);
        }
    }

    private static string NameOf(int number) => $"s{number:D5}";

    private static Policy PolicyOf(int number) => new()
    {
        Name = NameOf(number),
        Strategy = Strategy.DualKey,
        Provider = new ProviderBinding("generated", []),
    };

    private async Task AddManyAsync()
    {
        await using var raw = await OpenRawAsync();
        await new LedgerSession(raw).RunAsync("INSERT INTO secrets (name, salt, last_number, adopted_at) VALUES "
            + string.Join(", ", Enumerable.Range(0, Many).Select(number =>
                $"('{NameOf(number)}', 'salt', 0, '2026-01-01T00:00:00.0000000Z')")));
    }
}
