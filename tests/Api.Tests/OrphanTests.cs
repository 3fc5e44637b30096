using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rotunda.Activities.Orphans;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Ledger;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>Orphans: found by the sweep, listed, and settled at a person's word.</summary>
public sealed class OrphanTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly KeysProgram _vendor = new();
    private ApiHost _host = null!;
    private HttpClient _approver = null!;

    private string Keys => _vendor.Keys;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(ApiHost.Policy("a-key") with
        {
            Strategy = Strategy.Overlap,
            Provider = _vendor.Binding,
        });
        _approver = _host.Client(Role.Approver, "paula");
        var (secret, _) = await _host.Ledger.AdoptAsync(
            new AdoptSecret("a-key", "test", new AdoptedCredential("in-use", null, null, null, null)),
            None);
        await File.WriteAllTextAsync(Keys, $"in-use x\nlost-1 rotunda-a-key-3-{secret.Salt[..6]}\nforeign rotunda-a-key-3-000000\n", None);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _vendor.Dispose();
    }

    [Fact]
    public async Task The_sweep_finds_it_the_list_tells_it_and_it_is_revoked_when_an_approver_says_so()
    {
        await _host.Get<DriftSweep>().RunAsync(None);
        var orphan = Assert.Single(await OrphansAsync());
        Assert.Equal(
            ("lost-1", "exec", true),
            ((string?)orphan!["providerCredentialId"], (string?)orphan["provider"], (bool?)orphan["canRevoke"]));
        Assert.Equal(1, (await _host.Get<StatusReader>().ListAsync(None))[0].Orphans);

        var id = (long)orphan["id"]!;
        Assert.Equal(HttpStatusCode.Accepted, await SettleAsync(id, "revoke", "nobody uses it"));
        Assert.True((bool)Assert.Single(await OrphansAsync())!["isRevoking"]!);
        Assert.Equal(HttpStatusCode.Conflict, await SettleAsync(id, "kept", "after all"));
        Assert.Equal(HttpStatusCode.Accepted, await SettleAsync(id, "revoke", "nobody uses it"));
        var told = Assert.IsType<OrphanSettling>(Assert.Single(_host.Engine.Inputs).Value);
        Assert.Equal(StepOutcomeKind.Done, (await _host.Get<OrphanActivity>().RunAsync(told, None)).Kind);
        Assert.DoesNotContain("lost-1", await File.ReadAllTextAsync(Keys, None));
        Assert.Contains("foreign", await File.ReadAllTextAsync(Keys, None));
        Assert.Empty(await OrphansAsync());
        Assert.Equal(HttpStatusCode.NotFound, await SettleAsync(id, "revoke", "again"));
        Assert.Contains(
            await _host.Ledger.ReadAuditAsync(new AuditFilter(Secret: "a-key"), None),
            row => row is { Action: AuditActions.OrphanSettled, Actor: "paula", Detail: "nobody uses it" });
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await _host.Get<OrphanActivity>().RunAsync(told, None)).Kind);
        // Who had it revoked is on record before its provider is called.
        Assert.Contains(
            await _host.Ledger.ReadAuditAsync(new AuditFilter(Secret: "a-key"), None),
            row => row is { Action: AuditActions.OrphanRevoking, Actor: "paula" });
    }

    [Fact]
    public async Task What_another_secret_uses_is_not_revoked_and_stays_until_a_person_says_what_it_is()
    {
        await _host.Get<DriftSweep>().VerifyAsync(null, None);
        _host.SetCatalog(_host.Catalog.Policies["a-key"], _host.Catalog.Policies["a-key"] with { Name = "b-key" });
        await _host.Ledger.AdoptAsync(
            new AdoptSecret("b-key", "test", new AdoptedCredential("lost-1", null, null, null, null)),
            None);
        var id = (long)Assert.Single(await OrphansAsync())!["id"]!;

        Assert.Equal(HttpStatusCode.Conflict, await SettleAsync(id, "revoke", "gone"));
        Assert.Contains("lost-1", await File.ReadAllTextAsync(Keys, None));
        Assert.Equal(HttpStatusCode.BadRequest, await SettleAsync(id, "forget", "x"));
        Assert.Equal(HttpStatusCode.BadRequest, await SettleAsync(id, "kept", ""));
        Assert.Equal(HttpStatusCode.OK, await SettleAsync(id, "kept", "b-key has it"));
        Assert.Empty(await OrphansAsync());
    }

    [Fact]
    public async Task Each_provider_is_asked_once_an_hour()
    {
        var sweep = _host.Get<DriftSweep>();
        await sweep.RunAsync(None);
        await File.AppendAllTextAsync(
            Keys,
            $"lost-2 rotunda-a-key-4-{(await _host.Ledger.GetSecretAsync("a-key", None))!.Salt[..6]}\n",
            None);
        await sweep.RunAsync(None);
        Assert.Single(await OrphansAsync());
        await sweep.VerifyAsync("a-key", None);
        Assert.Equal(2, (await OrphansAsync()).Count);
    }

    private async Task<JsonArray> OrphansAsync() =>
        (await _approver.GetFromJsonAsync<JsonObject>("/api/orphans", None))!["orphans"]!.AsArray();

    private async Task<HttpStatusCode> SettleAsync(long id, string how, string reason)
    {
        using var answer = await _approver.PostAsync($"/api/orphans/{id}/settle", JsonContent.Create(new { how, reason }), None);
        return answer.StatusCode;
    }
}
