using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Http;
using Rotunda.Campaigns.Selection;
using Rotunda.Ledger;

namespace Rotunda.Api.Tests;

/// <summary>Every route by every role that is for some secrets only: on one of these, and on another's. <c>mine-key</c> is of the owner
/// that the grants are for, <c>your-key</c> is not.</summary>
public sealed class GrantTableTests : IAsyncLifetime
{
    private const string Mine = "mine-key", Yours = "your-key";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Role[] s_roles = [Role.Viewer, Role.Operator, Role.Approver];

    /// <summary>By hand: what a role for some secrets may do with these, beside reading.</summary>
    private static readonly Dictionary<string, Role> s_acting = new(StringComparer.Ordinal)
    {
        ["POST /api/secrets/{name}/adopt"] = Role.Operator,
        ["POST /api/secrets/{name}/verify"] = Role.Operator,
        ["POST /api/secrets/{name}/deliver"] = Role.Operator,
        ["POST /api/secrets/{name}/retire"] = Role.Operator,
        ["POST /api/secrets/{name}/hand-over"] = Role.Approver,
        ["POST /api/secrets/{name}/pause"] = Role.Operator,
        ["POST /api/secrets/{name}/resume"] = Role.Operator,
        ["POST /api/orphans/{id}/settle"] = Role.Approver,
        ["POST /api/reviews/{id}/close"] = Role.Approver,
        ["POST /api/campaigns/{id}/pause"] = Role.Operator,
        ["POST /api/campaigns/{id}/resume"] = Role.Operator,
        ["POST /api/campaigns/{id}/stop"] = Role.Operator,
        ["POST /api/campaigns/{id}/retry"] = Role.Operator,
        ["POST /api/rotations"] = Role.Operator,
        ["POST /api/rotations/{id}/approve"] = Role.Approver,
        ["POST /api/rotations/{id}/reject"] = Role.Approver,
        ["POST /api/rotations/{id}/withdraw"] = Role.Approver,
        ["POST /api/rotations/{id}/skip-grace"] = Role.Approver,
        ["POST /api/rotations/{id}/rollback"] = Role.Operator,
        ["POST /api/rotations/{id}/cancel"] = Role.Operator,
        ["POST /api/rotations/{id}/resume"] = Role.Operator,
        ["POST /api/rotations/{id}/pause"] = Role.Operator,
        ["POST /api/rotations/{id}/extend-grace"] = Role.Operator,
        ["POST /api/rotations/{id}/provide"] = Role.Operator,
        ["POST /api/rotations/{id}/provide-link"] = Role.Operator,
        ["POST /api/rotations/{id}/confirm"] = Role.Operator,
    };

    /// <summary>By hand: what takes a role for all secrets.</summary>
    private static readonly HashSet<string> s_everywhere =
    [
        "POST /api/verify", "POST /api/clock/confirm", "POST /api/store/rekey", "GET /api/tokens", "POST /api/tokens",
        "POST /api/tokens/{name}/revoke", "POST /api/tokens/{name}/renew", "GET /api/sessions", "POST /api/sessions/end",
        "POST /api/rotations/{id}/decide-link", "POST /api/notices/test",
        "POST /api/pauses", "POST /api/pauses/end", "GET /metrics", "POST /api/leaks",
    ];

    /// <summary>By hand: what says itself which secrets, and leaves out those that are another's.</summary>
    private static readonly Dictionary<string, Role> s_selecting = new(StringComparer.Ordinal)
    {
        ["POST /api/campaigns"] = Role.Operator, ["POST /api/campaigns/preview"] = Role.Operator,
    };

    private readonly Dictionary<string, string> _campaigns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _orphans = new(StringComparer.Ordinal);
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(
            ApiHost.Policy(Mine) with { Owner = "platform", Tags = ["pay"] }, ApiHost.Policy(Yours) with { Owner = "shop" });
        using var admin = _host.Client(Role.Admin, "ada");
        foreach (var secret in new[] { Mine, Yours })
        {
            await _host.Ledger.AdoptAsync(new AdoptSecret(secret, "ada", null), None);
            await _host.Ledger.RecordFoundAsync(secret, new CredentialHandleNote($"id-of-{secret}", null, null), null, "found", None);
            using var started = await admin.PostAsJsonAsync("/api/rotations", new { secret, reason = "test" }, None);
            Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
            var campaign = new NewCampaign(
                CampaignKind.Plain, $"name={secret}", "test", "ada", null, false, CampaignPace.Usual, "hash", null,
                [new NewMember(secret, "generated", null, 0)]);
            _campaigns[secret] = (await _host.Ledger.AddCampaignAsync(campaign, None)).Campaign.Id;
        }

        foreach (var orphan in await _host.Ledger.ListOrphansAsync(None))
        {
            _orphans[orphan.Secret] = $"{orphan.Id}";
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_route_by_every_role_on_what_is_its_own_and_what_is_not(bool seeOwn)
    {
        ((ApiHost.FixedCatalog)_host.Get<ICatalogSource>()).Current = _host.Catalog with { ReadersSeeOwn = seeOwn };
        foreach (var route in ApiRoutes.All.Where(route => route.Permission is not null))
        {
            foreach (var role in s_roles)
            {
                using var client = Client(role, "owner=platform");
                await HoldsAsync(client, route, role, Mine, own: true, seeOwn);
                await HoldsAsync(client, route, role, Yours, own: false, seeOwn);
            }
        }
    }

    [Fact]
    public async Task Nobody_is_told_another_s_names_where_the_catalog_says_so()
    {
        ((ApiHost.FixedCatalog)_host.Get<ICatalogSource>()).Current = _host.Catalog with { ReadersSeeOwn = true };
        _host.BreakCatalog($"catalog.yaml:3:1: {Yours}: no such key");
        using var client = Client(Role.Viewer, "tag=pay");
        foreach (var route in ApiRoutes.All.Where(r => r is { Method: "GET", Permission: Permission.Read } && r.Pattern != "/api/events"))
        {
            foreach (var secret in new[] { Mine, Yours, "your-kee" })
            {
                var path = Path(route, secret);
                var text = await (await client.GetAsync(path, None)).Content.ReadAsStringAsync(None);
                Assert.False(text.Contains(Yours, StringComparison.Ordinal), $"{path}: {text}");
            }
        }

        Assert.Contains(Mine, await client.GetStringAsync("/api/secrets", None), StringComparison.Ordinal);
        Assert.Contains(Mine, await client.GetStringAsync("/api/secrets?limit=5", None), StringComparison.Ordinal);
        Assert.Contains(Mine, await client.GetStringAsync("/api/audit", None), StringComparison.Ordinal);
        using var whole = _host.Client(Role.Viewer, "vic");
        Assert.Contains(Yours, await whole.GetStringAsync("/api/secrets", None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_rotation_offers_goes_by_the_grants_that_are_for_its_secret()
    {
        using var client = Client(Role.Operator, "owner=platform");
        foreach (var (secret, may) in new[] { (Mine, true), (Yours, false) })
        {
            var view = (await client.GetFromJsonAsync<JsonNode>($"/api/rotations/{secret}-1", None))!;
            Assert.NotEmpty(view["can"]!.AsArray());
            Assert.All(
                view["can"]!.AsArray().Where(one => (string?)one!["verb"] == "cancel"), one => Assert.Equal(may, (bool)one!["allowed"]!));
        }
    }

    private async Task HoldsAsync(HttpClient client, ApiRoute route, Role role, string secret, bool own, bool seeOwn)
    {
        var key = $"{route.Method} {route.Pattern}";
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), Path(route, secret));
        if (route.Method == "POST")
        {
            var body = route.Pattern == "/api/rotations" ? $$"""{"secret":"{{secret}}","reason":"test"}""" : "{}";
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, None);
        var code = (int)response.StatusCode >= 400
            ? (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(None))!["code"]
            : null;
        var isOfOne = route.Pattern.Contains('{', StringComparison.Ordinal) || route.Pattern == "/api/rotations" && route.Method == "POST";
        var hasRole = s_everywhere.Contains(key) ? role.May(route.Permission!.Value)
            : s_selecting.TryGetValue(key, out var selects) ? role == selects
            : s_acting.TryGetValue(key, out var needed) ? role == needed : true;
        var expected = !hasRole ? "role-missing"
            : s_everywhere.Contains(key) ? "not-granted"
            : !isOfOne || own ? null
            : seeOwn ? "not-found"
            : s_acting.ContainsKey(key) ? "not-granted" : null;
        var seen = code is "role-missing" or "not-granted" || expected == "not-found" ? code : null;
        Assert.True(expected == seen, $"{key} as {role} on {secret} (see own: {seeOwn}): expected {expected ?? "in"}, got {code ?? "in"}");
    }

    private string Path(ApiRoute route, string secret) => route.Pattern
        .Replace("{name}", secret, StringComparison.Ordinal)
        .Replace(
            "{id}",
            route.Pattern.StartsWith("/api/campaigns", StringComparison.Ordinal) ? _campaigns.GetValueOrDefault(secret, "campaign-9")
            : route.Pattern.StartsWith("/api/orphans", StringComparison.Ordinal) ? _orphans.GetValueOrDefault(secret, "999")
            : $"{secret}-1",
            StringComparison.Ordinal);

    private HttpClient Client(Role role, string on)
    {
        var client = _host.Client(null);
        var name = $"{role}-{Guid.NewGuid():N}";
        var (_, token) = _host.Tokens.Create(new NewToken(name, role) { On = [Selector.TryParse(on)!] });
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }
}
