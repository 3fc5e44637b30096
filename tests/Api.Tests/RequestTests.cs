using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Ledger;
using Rotunda.Testing.Time;

namespace Rotunda.Api.Tests;

/// <summary>What comes in is checked; what is refused says why, without repeating what was sent, and is on record.</summary>
public sealed class RequestTests
{
    [Theory]
    [InlineData("{", 400, null)]
    [InlineData("null", 400, null)]
    [InlineData("[]", 400, null)]
    [InlineData("{}", 400, "secret")]
    [InlineData("""{"secret":"a-key"}""", 400, "reason")]
    [InlineData("""{"secret":"a-key","reason":"  "}""", 400, "reason")]
    [InlineData("""{"secret":"a-key","reason":"x","resaon":"y"}""", 400, "resaon")]
    [InlineData("""{"secret":"a-key","secret":"b","reason":"x"}""", 400, "secret")]
    [InlineData("""{"secret":5,"reason":"x"}""", 400, "secret")]
    [InlineData("""{"secret":"a-key","reason":"x","trigger":"schedule"}""", 400, "trigger")]
    [InlineData("""{"secret":"a-key","reason":"x","trigger":"whenever"}""", 400, "trigger")]
    [InlineData("""{"secret":"a-key","reason":"x","trigger":"emergency"}""", 400, "incident")]
    [InlineData("""{"secret":"a-key","reason":"x","revokeFirst":true}""", 400, "revokeFirst")]
    [InlineData("""{"secret":"a-key","reason":"x","incident":"INC-1"}""", 400, "incident")]
    [InlineData("""{"secret":"no-such","reason":"x"}""", 404, null)]
    public async Task A_bad_start_is_refused_and_names_the_field(string body, int status, string? field)
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Operator);

        using var response = await client.PostAsync("/api/rotations", Json(body));

        Assert.Equal(status, (int)response.StatusCode);
        var problem = await ProblemOf(response);
        Assert.Equal(field, (string?)problem["field"]);
        Assert.Empty(host.Engine.Instances);
    }

    [Fact]
    public async Task A_body_that_is_not_json_or_too_large_is_refused()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Operator);

        using var form =
            await client.PostAsync("/api/rotations", new StringContent("secret=a-key", Encoding.UTF8, "application/x-www-form-urlencoded"));
        using var large = await client.PostAsync("/api/rotations", Json($$"""{"secret":"a-key","reason":"{{new string('x', 70_000)}}"}"""));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, form.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Theory]
    [InlineData("/api/rotations?stat=open")]
    [InlineData("/api/rotations?state=opened")]
    [InlineData("/api/rotations?limit=0")]
    [InlineData("/api/rotations?limit=x")]
    [InlineData("/api/rotations?secret=a&secret=b")]
    [InlineData("/api/audit?after=-1")]
    [InlineData("/api/secrets/a-key/plan?trigger=soon")]
    public async Task A_bad_parameter_is_refused(string address)
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Viewer);

        using var response = await client.GetAsync(address);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotNull((await ProblemOf(response))["field"]);
    }

    [Fact]
    public async Task Unknown_addresses_and_methods_are_problems_too()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Client(null);

        using var nowhere = await client.GetAsync("/api/nothing/here.txt");
        using var method = await client.DeleteAsync("/api/rotations");

        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
        Assert.Equal("no-route", (string?)(await ProblemOf(nowhere))["code"]);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, method.StatusCode);
        Assert.Equal(["GET", "POST"], method.Content.Headers.Allow.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Bearer rot_nonsense")]
    [InlineData("Bearer ")]
    [InlineData("Basic YWRtaW46YWRtaW4=")]
    public async Task A_wrong_token_is_told_apart_from_none_and_not_repeated(string header)
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Client(null);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);

        using var response = await client.GetAsync("/api/secrets");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.DoesNotContain("nonsense", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_or_expired_token_is_refused_at_once()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Client(Role.Viewer, "leaver");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/secrets")).StatusCode);

        // As the command line does it: another instance on the same file.
        Assert.NotNull(new TokenFile(Path.Combine(host.Folder, "tokens.json"), TimeProvider.System).Revoke("leaver"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/secrets")).StatusCode);
    }

    [Theory]
    [InlineData(Identity.Token)]
    [InlineData(Identity.Platform)]
    public async Task Refused_requests_are_on_record_without_what_was_sent(Identity identity)
    {
        await using var host = await ApiHost.StartAsync(identity, ApiHost.Policy("a-key"));
        using var viewer = host.Client(Role.Viewer, "vera");
        using var oper = host.Client(Role.Operator, "otto");
        using var stranger = host.Client(null);
        const string Sent = "hunter2-canary";

        await viewer.PostAsync("/api/rotations", Json($$"""{"secret":"a-key","reason":"{{Sent}}"}"""));
        await oper.PostAsync($"/api/rotations/{Sent}/rollback", Json($$"""{"{{Sent}}":"{{Sent}}"}"""));
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Sent);
        await stranger.GetAsync($"/api/secrets/{Sent}");

        var rows = await host.Ledger.ReadAuditAsync(new AuditFilter(), CancellationToken.None);
        var refused = rows.Where(r => r.Action == "request.refused").ToList();
        Assert.Equal(["vera", "otto", "anonymous"], refused.Select(r => r.Actor.Split(' ')[0]));
        Assert.Equal("POST /api/rotations: 403 role-missing", refused[0].Detail);
        Assert.DoesNotContain(rows, r => $"{r.Detail}{r.Secret}{r.RotationId}".Contains(Sent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stranger_cannot_fill_the_audit()
    {
        await using var host = await ApiHost.StartAsync();
        using var stranger = host.Client(null);

        for (var i = 0; i < 100; i++)
        {
            await stranger.GetAsync("/api/secrets");
        }

        Assert.True((await host.Ledger.ReadAuditAsync(new AuditFilter(), CancellationToken.None)).Count < 70);
    }

    [Fact]
    public async Task Nobody_known_can_fill_the_audit_either_and_one_persons_refusals_hide_no_others()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var viewer = host.Client(Role.Viewer, "vera");
        using var second = host.Client(Role.Viewer, "laptop", owner: "vera");
        using var other = host.Client(Role.Viewer, "otto");

        for (var i = 0; i < 40; i++)
        {
            await viewer.PostAsync("/api/rotations", Json("{}"));
            await second.PostAsync("/api/rotations", Json("{}"));
        }

        await other.PostAsync("/api/rotations", Json("{}"));

        var actors = (await host.Ledger.ReadAuditAsync(new AuditFilter(), CancellationToken.None)).Select(row => row.Actor).ToList();
        Assert.InRange(actors.Count(actor => actor.Contains("vera", StringComparison.Ordinal)), 30, 60);
        Assert.Single(actors, "otto");
    }

    [Fact]
    public async Task Who_asks_too_much_is_turned_away_with_the_time_to_wait_whatever_the_token_and_others_are_not()
    {
        await using var host = await ApiHost.StartAsync(new RequestLimits(Burst: 2, PerSecond: 0.001), ApiHost.Policy("a-key"));
        using var viewer = host.Client(Role.Viewer, "vera");
        using var second = host.Client(Role.Viewer, "laptop", owner: "vera");
        using var other = host.Client(Role.Viewer, "otto");

        using var first = await viewer.GetAsync("/api/secrets");
        using var next = await second.GetAsync("/api/secrets");
        using var tooMany = await viewer.GetAsync("/api/secrets");
        using var others = await other.GetAsync("/api/secrets");

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK),
            (first.StatusCode, next.StatusCode, tooMany.StatusCode, others.StatusCode));
        Assert.Equal("too-many-requests", (string?)(await ProblemOf(tooMany))["code"]);
        Assert.InRange(tooMany.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 1001);
        Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync("/healthz")).StatusCode);
    }

    [Fact]
    public void A_rest_earns_requests_again_and_those_at_work_are_counted()
    {
        var clock = new ManualTimeProvider();
        var limit = new RequestLimit(new RequestLimits(Burst: 3, PerSecond: 1, AtOnce: 2), clock);
        var vera = new Caller("vera", Role.Viewer);
        var work = limit.Enter(vera);
        limit.Enter(vera);

        Assert.Throws<TooManyRequestsException>(() => limit.Enter(vera));
        work.Dispose();
        work.Dispose();
        var third = limit.Enter(vera);
        Assert.Throws<TooManyRequestsException>(() => limit.Enter(vera));
        third.Dispose();
        Assert.Equal("1", Assert.Throws<TooManyRequestsException>(() => limit.Enter(vera)).RetryAfter);
        limit.Enter(new Caller("otto", Role.Viewer)).Dispose();
        clock.Advance(TimeSpan.FromSeconds(1));
        limit.Enter(vera).Dispose();
        Assert.Throws<TooManyRequestsException>(() => limit.Enter(vera));
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static async Task<JsonNode> ProblemOf(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}
