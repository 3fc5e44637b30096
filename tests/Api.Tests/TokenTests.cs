using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Http;
using Rotunda.Ledger;

namespace Rotunda.Api.Tests;

/// <summary>Tokens over HTTP. Who may call what is in <see cref="RoleTableTests"/>.</summary>
public sealed class TokenTests
{
    [Fact]
    public async Task A_token_is_shown_once_is_good_at_once_and_ends_at_once_each_on_record()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var admin = host.Client(Role.Admin, "root");

        var (made, answer) = await SendAsync(admin, "/api/tokens", """{"name":"ci","role":"operator","owner":"anna","expires":"90d"}""");
        var text = (string)answer["token"]!;
        using var fresh = host.Client(null);
        fresh.DefaultRequestHeaders.Authorization = new("Bearer", text);
        var before = await fresh.GetAsync("/api/secrets");
        var list = await admin.GetStringAsync("/api/tokens");
        var (revoked, _) = await SendAsync(admin, "/api/tokens/CI/revoke");
        var after = await fresh.GetAsync("/api/secrets");
        var (again, problem) = await SendAsync(admin, "/api/tokens/ci/revoke");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (made, revoked));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (before.StatusCode, after.StatusCode));
        Assert.Equal((HttpStatusCode.NotFound, "not-found"), (again, (string?)problem["code"]));
        Assert.Equal(("ci", "operator"), ((string?)answer["name"], (string?)answer["role"]));
        var listed = JsonNode.Parse(list)!["tokens"]!.AsArray().Single(token => (string?)token!["name"] == "ci")!;
        Assert.Equal("anna", (string?)listed["owner"]);

        var rows = await host.Ledger.ReadAuditAsync(new AuditFilter(), CancellationToken.None);
        Assert.Equal(
            ["root token.create", "root token.list", "root token.revoke", "root request.refused"],
            rows.Where(row => row.Actor == "root").Select(row => $"{row.Actor} {row.Action}"));
        Assert.Matches(
            @"^ci of anna: operator, ends \d{4}-\d\d-\d\d \d\d:\d\d UTC$",
            rows.Single(row => row.Action == "token.create").Detail);
        Assert.DoesNotContain(text[4..], list, StringComparison.Ordinal);
        Assert.DoesNotContain(rows, row => row.Detail?.Contains(text[4..], StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData("""{"name":"test-admin","role":"viewer"}""", HttpStatusCode.Conflict, "token-refused", null)]
    [InlineData("""{"name":"a b","role":"viewer"}""", HttpStatusCode.BadRequest, "invalid-field", "name")]
    [InlineData("""{"name":"x","role":"viewer","owner":"schedule"}""", HttpStatusCode.BadRequest, "invalid-field", "owner")]
    [InlineData("""{"name":"x","role":"owner"}""", HttpStatusCode.BadRequest, "invalid-field", "role")]
    [InlineData("""{"name":"x"}""", HttpStatusCode.BadRequest, "invalid-field", "role")]
    [InlineData("""{"role":"viewer"}""", HttpStatusCode.BadRequest, "invalid-field", "name")]
    [InlineData("""{"name":"x","role":"viewer","expires":"soon"}""", HttpStatusCode.BadRequest, "invalid-field", "expires")]
    [InlineData("""{"name":"x","role":"viewer","expires":"0s"}""", HttpStatusCode.BadRequest, "invalid-field", "expires")]
    [InlineData("""{"name":"x","role":"viewer","expires":"99999d"}""", HttpStatusCode.BadRequest, "invalid-field", "expires")]
    public async Task What_cannot_be_a_token_is_refused(string body, HttpStatusCode status, string code, string? field)
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var admin = host.Client(Role.Admin);

        var (got, problem) = await SendAsync(admin, "/api/tokens", body);

        Assert.Equal((status, code, field), (got, (string?)problem["code"], (string?)problem["field"]));
        Assert.Single(host.Tokens.Read());
    }

    [Fact]
    public async Task A_token_gets_another_end_also_where_it_has_ended_but_not_where_it_was_revoked()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var admin = host.Client(Role.Admin, "root");
        var (_, made) = await SendAsync(admin, "/api/tokens", """{"name":"ci","role":"viewer","expires":"1d"}""");
        using var holder = host.Client(null);
        holder.DefaultRequestHeaders.Authorization = new("Bearer", (string)made["token"]!);
        var ended = host.Tokens.Create("old", Role.Viewer, TimeSpan.FromTicks(1));
        using var old = host.Client(null);
        old.DefaultRequestHeaders.Authorization = new("Bearer", ended);
        using var before = await old.GetAsync("/api/secrets");

        var (renewed, view) = await SendAsync(admin, "/api/tokens/CI/renew", """{"expires":"30d"}""");
        var (_, never) = await SendAsync(admin, "/api/tokens/old/renew", """{"expires":"never"}""");
        using var after = await old.GetAsync("/api/secrets");
        var (tooLong, problem) = await SendAsync(admin, "/api/tokens/ci/renew", """{"expires":"99999d"}""");
        await SendAsync(admin, "/api/tokens/ci/revoke");
        var (gone, _) = await SendAsync(admin, "/api/tokens/ci/renew", """{"expires":"30d"}""");
        using var revoked = await holder.GetAsync("/api/secrets");

        Assert.Equal(HttpStatusCode.OK, renewed);
        Assert.True((DateTimeOffset)view["expiresAt"]! >= host.Tokens.Find("ci")!.CreatedAt.AddDays(30));
        Assert.Equal("root", (string?)view["madeBy"]);
        Assert.Null(never["expiresAt"]);
        Assert.Null(never["madeBy"]);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (before.StatusCode, after.StatusCode));
        Assert.Equal((HttpStatusCode.BadRequest, "expires"), (tooLong, (string?)problem["field"]));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Unauthorized), (gone, revoked.StatusCode));
        var rows = await host.Ledger.ReadAuditAsync(new AuditFilter(), CancellationToken.None);
        Assert.Equal(2, rows.Count(row => row is { Actor: "root", Action: "token.renew" }));
        Assert.Contains(rows, row => row is { Action: "token.renew", Detail: "old: never ends" });
    }

    [Fact]
    public async Task The_last_good_token_of_an_admin_is_not_revoked_over_http()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var admin = host.Client(Role.Admin, "root");
        host.Tokens.Create("old", Role.Admin, TimeSpan.FromTicks(1));

        var (last, problem) = await SendAsync(admin, "/api/tokens/root/revoke");
        await SendAsync(admin, "/api/tokens", """{"name":"next","role":"admin"}""");
        var (first, _) = await SendAsync(admin, "/api/tokens/root/revoke");

        Assert.Equal((HttpStatusCode.Conflict, "token-refused"), (last, (string?)problem["code"]));
        Assert.Equal(HttpStatusCode.OK, first);
    }

    [Fact]
    public async Task A_new_token_does_not_cross_a_network_in_the_clear()
    {
        await using var host = await ApiHost.StartAsync(
            Identity.Token,
            app =>
            {
                app.Use((HttpContext http, RequestDelegate next) =>
                {
                    http.Connection.RemoteIpAddress = IPAddress.Parse("203.0.113.9");
                    http.Request.Scheme = (string?)http.Request.Headers["X-Test-Scheme"] ?? "http";
                    return next(http);
                });
                app.MapRotundaApi();
            },
            ApiHost.Policy("a-key"));
        using var admin = host.Client(Role.Admin);

        var (plain, problem) = await SendAsync(admin, "/api/tokens", """{"name":"x","role":"viewer"}""");
        using var list = await admin.GetAsync("/api/tokens");
        admin.DefaultRequestHeaders.Add("X-Test-Scheme", "https");
        var (tls, _) = await SendAsync(admin, "/api/tokens", """{"name":"x","role":"viewer"}""");

        Assert.Equal((HttpStatusCode.Forbidden, "not-private"), (plain, (string?)problem["code"]));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Created), (list.StatusCode, tls));
    }

    [Fact]
    public async Task A_head_whose_platform_knows_the_callers_has_no_tokens_and_says_where_roles_are_given()
    {
        await using var host = await ApiHost.StartAsync(Identity.Platform, ApiHost.Policy("a-key"));
        using var admin = host.Client(Role.Admin);

        foreach (var ask in new Func<Task<(HttpStatusCode, JsonNode)>>[]
        {
            () => SendAsync(admin, "/api/tokens", """{"name":"x","role":"viewer"}"""),
            () => SendAsync(admin, "/api/tokens/x/revoke"),
            async () => await ReadAsync(await admin.GetAsync("/api/tokens")),
        })
        {
            var (status, problem) = await ask();
            Assert.Equal((HttpStatusCode.NotFound, "no-tokens"), (status, (string?)problem["code"]));
            Assert.Contains("Entra", (string?)problem["detail"], StringComparison.Ordinal);
        }
    }

    private static async Task<(HttpStatusCode Status, JsonNode Answer)> SendAsync(HttpClient client, string path, string? body = null) =>
        await ReadAsync(await client.PostAsync(path, body is null ? null : JsonContent.Create(JsonNode.Parse(body))));

    private static async Task<(HttpStatusCode Status, JsonNode Answer)> ReadAsync(HttpResponseMessage response) =>
        (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
}
