using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>What was believed of the credential in use can be corrected by a person.</summary>
public sealed class AdoptTests
{
    [Fact]
    public async Task What_current_tells_takes_the_place_of_what_was_believed()
    {
        var folder = Directory.CreateTempSubdirectory("rotunda-adopt-");
        var file = Path.Combine(folder.FullName, "value");
        await File.WriteAllTextAsync(file, "wrong", TestContext.Current.CancellationToken);
        await using var host = await ApiHost.StartAsync(
            ApiHost.Policy("a-key") with { Current = new CurrentCredential("b", "file:" + file) });
        using var client = host.Client(Role.Operator, "anna");
        Assert.Equal(HttpStatusCode.OK, await AdoptAsync(client));
        var before = Assert.Single(await CredentialsAsync(host));

        await File.WriteAllTextAsync(file, "right", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, await AdoptAsync(client));
        Assert.Equal(HttpStatusCode.OK, await AdoptAsync(client));

        var all = await CredentialsAsync(host);
        Assert.Equal([CredentialState.Revoked, CredentialState.Revoked, CredentialState.Active], all.Select(c => c.State));
        Assert.NotEqual(before.Fingerprint, all[^1].Fingerprint);
        using var kept = await host.Get<Rotunda.Providers.Stores.Embedded.EmbeddedStore>()
            .GetAsync(all[^1].Value!, TestContext.Current.CancellationToken);
        Assert.Equal("right", kept.RevealText());
        var audit = await host.Ledger.ReadAuditAsync(new AuditFilter(Secret: "a-key"), TestContext.Current.CancellationToken);
        Assert.Contains(
            audit,
            row => row is { Action: AuditActions.SecretCorrected, Actor: "anna" }
                && row.Detail!.StartsWith("set by hand", StringComparison.Ordinal));
        folder.Delete(recursive: true);
    }

    /// <summary>Where nothing has changed since the last look, none is taken.</summary>
    [Fact]
    public async Task What_the_catalog_says_is_told_to_the_ledger_whichever_of_the_two_has_changed()
    {
        var cancelled = TestContext.Current.CancellationToken;
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        async Task<TimeSpan?> AdoptedAsync(string name)
        {
            await host.Get<CatalogAdoption>().AdoptAllAsync(host.Catalog, cancelled);
            await host.Get<CatalogAdoption>().AdoptAllAsync(host.Catalog, cancelled);
            return (await host.Ledger.GetSecretAsync(name, cancelled))?.Interval;
        }

        Assert.Equal(TimeSpan.FromDays(30), await AdoptedAsync("a-key"));
        await host.Ledger.SetIntervalsAsync([new SecretInterval("a-key", TimeSpan.FromDays(1), null)], cancelled);
        Assert.Equal(TimeSpan.FromDays(30), await AdoptedAsync("a-key"));
        host.SetCatalog(ApiHost.Policy("a-key") with { Interval = TimeSpan.FromDays(60) }, ApiHost.Policy("b-key"));
        Assert.Equal(TimeSpan.FromDays(60), await AdoptedAsync("a-key"));
        Assert.Equal(TimeSpan.FromDays(30), await AdoptedAsync("b-key"));
    }

    /// <summary>The store comes before the ledger: until that says otherwise nothing acts on the word, and whoever reads the store has by
    /// then what the person said is in use. Whatever point it was cut off at, the same again levels it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Killed_at_any_commit_the_same_again_leaves_one_value_in_use(bool isNew)
    {
        const int Points = 16;
        var cancelled = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("rotunda-adopt-");
        var file = Path.Combine(folder.FullName, "value");
        var names = Enumerable.Range(1, Points).Select(point => $"key-{point}").ToList();
        await using var host = await ApiHost.StartAsync(
            [.. names.Select(name => ApiHost.Policy(name) with { Current = new CurrentCredential("b", "file:" + file) })]);
        using var client = host.Client(Role.Operator);
        var store = host.Get<Rotunda.Providers.Stores.Embedded.EmbeddedStore>();
        var cutOff = 0;
        foreach (var (name, point) in names.Select((name, index) => (name, index + 1)))
        {
            await File.WriteAllTextAsync(file, "believed", cancelled);
            Assert.True(isNew || await AdoptAsync(client, name) == HttpStatusCode.OK);
            await File.WriteAllTextAsync(file, "told", cancelled);
            var left = point;
            host.Get<CrashPoints>().Handler = at =>
            {
                if (at.Contains("commit", StringComparison.Ordinal) && --left == 0)
                {
                    throw new SimulatedCrashException(at);
                }
            };
            await AdoptAsync(client, name);
            host.Get<CrashPoints>().Handler = null;
            cutOff += left <= 0 ? 1 : 0;

            Assert.Equal(HttpStatusCode.OK, await AdoptAsync(client, name));

            var active = Assert.Single(await CredentialsAsync(host, name), credential => credential.State == CredentialState.Active);
            Assert.Equal(active.Value, await store.CurrentAsync(name, cancelled));
            using var kept = await store.GetAsync(active.Value!, cancelled);
            Assert.Equal("told", kept.RevealText());
        }

        // Put, promote and record, before and after each commit; and at last it comes through.
        Assert.InRange(cutOff, 6, Points - 1);
        Assert.True((await host.Ledger.VerifyAuditAsync(cancelled)).Intact);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Where_the_catalog_tells_nothing_or_what_it_tells_is_not_there_nothing_changes()
    {
        await using var host = await ApiHost.StartAsync(
            ApiHost.Policy("silent"),
            ApiHost.Policy("gone") with { Current = new CurrentCredential(null, "file:/no/such/file") });
        using var client = host.Client(Role.Operator);
        await host.Ledger.AdoptAsync(new AdoptSecret("silent", "catalog", null), TestContext.Current.CancellationToken);
        await host.Ledger.AdoptAsync(new AdoptSecret("gone", "catalog", null), TestContext.Current.CancellationToken);
        foreach (var name in new[] { "silent", "gone" })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, await AdoptAsync(client, name));
            Assert.Empty(await CredentialsAsync(host, name));
        }

        Assert.Equal(HttpStatusCode.NotFound, await AdoptAsync(client, "nobody"));
    }

    [Fact]
    public async Task Another_account_leaves_the_one_before_as_an_orphan_and_no_rotation_may_be_open()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key") with { Current = new CurrentCredential("b", null) });
        using var client = host.Client(Role.Operator);
        var believed = new AdoptedCredential("a", "a", null, null, null);
        await host.Ledger.AdoptAsync(new AdoptSecret("a-key", "catalog", believed), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, await AdoptAsync(client));
        Assert.Equal([CredentialState.Orphan, CredentialState.Active], (await CredentialsAsync(host)).Select(c => c.State));

        var body = new JsonObject { ["secret"] = "a-key", ["reason"] = "a test" };
        using var started = await client.PostAsJsonAsync("/api/rotations", body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, await AdoptAsync(client));
    }

    private static async Task<HttpStatusCode> AdoptAsync(HttpClient client, string name = "a-key")
    {
        var body = new JsonObject { ["reason"] = "set by hand" };
        using var answer = await client.PostAsJsonAsync($"/api/secrets/{name}/adopt", body, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static Task<IReadOnlyList<CredentialRecord>> CredentialsAsync(ApiHost host, string name = "a-key") =>
        host.Ledger.ListCredentialsAsync(name, TestContext.Current.CancellationToken);
}
