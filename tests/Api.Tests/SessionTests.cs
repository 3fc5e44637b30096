using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Rotunda.Access;
using Rotunda.Ledger;

namespace Rotunda.Api.Tests;

/// <summary>Signing a browser in by a login link, what its cookie is good for, and when it ends.</summary>
public sealed partial class SessionTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_login_link_signs_in_once_as_whose_token_made_it_and_all_is_on_record()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        var code = await LinkAsync(host, Role.Operator, "anna-laptop", "anna");
        using var browser = host.Client(null);

        using var entered = await EnterAsync(browser, code);
        var me = await BodyAsync(entered);
        var set = Assert.Single(entered.Headers.GetValues("Set-Cookie"));
        using var again = await EnterAsync(browser, code);

        Assert.Equal(HttpStatusCode.OK, entered.StatusCode);
        Assert.Equal(
            ("anna-laptop [anna]", "anna", "session", "link"),
            ((string?)me["subject"], (string?)me["person"], (string?)me["by"], (string?)me["session"]!["by"]));
        Assert.Equal(["read", "start", "control"], me["may"]!.AsArray().Select(word => (string?)word));
        Assert.StartsWith("__Host-rotunda=", set, StringComparison.Ordinal);
        foreach (var part in new[] { "path=/", "secure", "httponly", "samesite=strict" })
        {
            Assert.Contains($"; {part}", set, StringComparison.OrdinalIgnoreCase);
        }

        Assert.DoesNotContain("domain", set, StringComparison.OrdinalIgnoreCase);
        Assert.Equal((HttpStatusCode.Forbidden, "link-ended"), (again.StatusCode, (string?)(await BodyAsync(again))["code"]));

        using var started = await browser.SendAsync(Post("/api/rotations", """{"secret":"a-key","reason":"x"}""", set), Cancelled);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var rows = await host.Ledger.ReadAuditAsync(new AuditFilter(0, null, null, 100), Cancelled);
        Assert.Contains(rows, row => row is { Action: "session.link", Actor: "anna-laptop [anna]" });
        Assert.Contains(rows, row => row is { Action: "session.start", Actor: "anna-laptop [anna]" });
        Assert.Contains(rows, row => row.Actor == "anna-laptop [anna]" && row.RotationId == "a-key-1");
        Assert.DoesNotContain(rows, row => row.Detail?.Contains(code, StringComparison.Ordinal) == true);
        var kept = await File.ReadAllTextAsync(Path.Combine(host.Folder, "sessions.json"), Cancelled);
        Assert.DoesNotContain(Value(set), kept, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("same-origin", null, "application/json", null)]
    [InlineData("same-site", null, "application/json", "cross-site")]
    [InlineData("cross-site", null, "application/json", "cross-site")]
    [InlineData("none", null, "application/json", "cross-site")]
    [InlineData("same-origin", null, "text/plain", "not-json")]
    [InlineData("same-origin", null, "application/x-www-form-urlencoded", "not-json")]
    [InlineData(null, "SELF", "application/json", null)]
    [InlineData(null, "http://127.0.0.1:1", "application/json", "cross-site")]
    [InlineData(null, "null", "application/json", "cross-site")]
    [InlineData(null, null, "application/json", "cross-site")]
    [InlineData("cross-site", "SELF", "application/json", "cross-site")]
    public async Task A_cookie_changes_something_only_from_our_own_page_and_as_JSON(
        string? site, string? origin, string type, string? refused)
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        var cookie = await SignInAsync(host, Role.Operator);
        using var browser = host.Client(null);
        foreach (var path in new[] { "/api/rotations", "/api/session/end" })
        {
            using var request = Post(path, """{"secret":"a-key","reason":"x"}""", cookie, site: site, type: type);
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin == "SELF" ? browser.BaseAddress!.GetLeftPart(UriPartial.Authority) : origin);
            }

            using var answer = await browser.SendAsync(request, Cancelled);

            Assert.Equal(refused, answer.IsSuccessStatusCode ? null : (string?)(await BodyAsync(answer))["code"]);
        }

        Assert.Equal(refused is null ? 1 : 0, (await host.Ledger.ListRotationsAsync(new RotationFilter(), Cancelled)).Count);
    }

    [Theory]
    [InlineData("same-origin", HttpStatusCode.OK)]
    [InlineData("none", HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("same-site", HttpStatusCode.Forbidden)]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    public async Task Another_page_reads_nothing_by_a_cookie(string? site, HttpStatusCode status)
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        var cookie = await SignInAsync(host, Role.Viewer);
        using var browser = host.Client(null);
        using var request = Get("/api/secrets", cookie, site);
        using var answer = await browser.SendAsync(request, Cancelled);

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Another_page_cannot_sign_a_browser_in()
    {
        await using var host = await ApiHost.StartAsync();
        var code = await LinkAsync(host, Role.Viewer, "mallory", null);
        using var browser = host.Client(null);
        using var crossed = await EnterAsync(browser, code, "cross-site");
        using var own = await EnterAsync(browser, code);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (crossed.StatusCode, own.StatusCode));
    }

    [Fact]
    public async Task A_bearer_token_needs_none_of_that_and_becomes_no_cookie()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var program = host.Client(Role.Admin);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/rotations")
        {
            Content = new StringContent("""{"secret":"a-key","reason":"x"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var answer = await program.SendAsync(request, Cancelled);
        using var me = await program.GetAsync("/api/me", Cancelled);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie") || me.Headers.Contains("Set-Cookie"));
        Assert.Equal("token", (string?)(await BodyAsync(me))["by"]);
    }

    [Fact]
    public async Task A_session_makes_no_other_session()
    {
        await using var host = await ApiHost.StartAsync();
        var cookie = await SignInAsync(host, Role.Admin);
        using var browser = host.Client(null);
        using var answer = await browser.SendAsync(Post("/api/session/link", "{}", cookie), Cancelled);

        Assert.Equal((HttpStatusCode.Forbidden, "token-only"), (answer.StatusCode, (string?)(await BodyAsync(answer))["code"]));
    }

    [Fact]
    public async Task It_ends_when_the_person_signs_out_and_when_the_token_does()
    {
        await using var host = await ApiHost.StartAsync();
        var (one, other) = (await SignInAsync(host, Role.Viewer, "vera"), await SignInAsync(host, Role.Viewer, "vera"));
        using var browser = host.Client(null);

        using var ended = await browser.SendAsync(Post("/api/session/end", "{}", one), Cancelled);
        Assert.Contains("expires=Thu, 01 Jan 1970", Assert.Single(ended.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(browser, one));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser, other));

        host.Tokens.Revoke("vera");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(browser, other));
    }

    [Fact]
    public void It_ends_when_nobody_uses_it_and_at_the_latest_after_its_time()
    {
        var folder = Directory.CreateTempSubdirectory("rotunda-sessions-");
        try
        {
            var time = new Testing.Time.ManualTimeProvider();
            var times = new SignInTimes(TimeSpan.FromHours(2), TimeSpan.FromHours(5), null);
            var path = Path.Combine(folder.FullName, "sessions.json");
            var file = new SessionFile(path, times, time);
            var (_, idle) = file.Start("anna", null, [], null);
            var (_, used) = file.Start("anna", null, [], null);
            for (var hour = 0; hour < 4; hour++)
            {
                time.Advance(TimeSpan.FromHours(1));
                file = new SessionFile(path, times, time);
                Assert.NotNull(file.Find(used, isUse: true));
                Assert.Equal(hour < 1, file.Find(idle, isUse: false) is not null);
            }

            time.Advance(TimeSpan.FromHours(1));
            Assert.Null(file.Find(used, isUse: true));
            Assert.Null(file.Find("another", isUse: true));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_login_link_ends_after_its_minutes()
    {
        var time = new Testing.Time.ManualTimeProvider();
        var links = new LoginLinks(time);
        var token = new TokenRecord("anna", Role.Viewer, "00", time.GetUtcNow(), null, null);
        var (code, late) = (links.Create(token).Code, links.Create(token).Code);

        Assert.Equal(token, links.Take(code));
        Assert.Null(links.Take(code));
        time.Advance(LoginLinks.Lifetime);
        Assert.Null(links.Take(late));
    }

    [Fact]
    public async Task Who_is_not_known_learns_how_to_sign_in()
    {
        await using var server = await ApiHost.StartAsync();
        await using var functions = await ApiHost.StartAsync(Identity.Platform);
        var (here, there) = (await MeAsync(server), await MeAsync(functions));

        Assert.Equal((false, "link"), ((bool)here["signedIn"]!, (string?)here["ways"]![0]!["kind"]));
        Assert.Equal(
            (false, "platform", "/.auth/login/aad", "poll"),
            ((bool)there["signedIn"]!, (string?)there["ways"]![0]!["kind"], (string?)there["ways"]![0]!["start"], (string?)there["live"]));
        using var client = functions.Client(Role.Viewer);
        using var none = await client.SendAsync(Post("/api/session", """{"code":"x"}""", ""), Cancelled);
        Assert.Equal("no-sessions", (string?)(await BodyAsync(none))["code"]);
    }

    /// <summary>The platform's cookie is sent by the browser, whatever page asks; a token is not.</summary>
    [Theory]
    [InlineData("same-origin", null, HttpStatusCode.Accepted)]
    [InlineData("cross-site", null, HttpStatusCode.Forbidden)]
    [InlineData(null, null, HttpStatusCode.Forbidden)]
    [InlineData("cross-site", "Bearer of-the-platform", HttpStatusCode.Accepted)]
    public async Task In_the_Functions_head_another_page_changes_nothing_either(string? site, string? bearer, HttpStatusCode status)
    {
        await using var host = await ApiHost.StartAsync(Identity.Platform, ApiHost.Policy("a-key"));
        using var browser = host.Client(null);
        using var request = Post("/api/rotations", """{"secret":"a-key","reason":"x"}""", "", site);
        request.Headers.Add(PlatformCallers.PrincipalHeader, ApiHost.Principal("anna", "operator"));
        if (bearer is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", bearer);
        }

        using var answer = await browser.SendAsync(request, Cancelled);

        Assert.Equal(status, answer.StatusCode);
    }

    private static async Task<string> LinkAsync(ApiHost host, Role role, string name, string? owner)
    {
        using var program = host.Client(role, name, owner);
        using var made = await program.PostAsync("/api/session/link", null, Cancelled);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return (string)(await BodyAsync(made))["code"]!;
    }

    private static async Task<string> SignInAsync(ApiHost host, Role role, string name = "someone")
    {
        using var browser = host.Client(null);
        using var entered = await EnterAsync(browser, await LinkAsync(host, role, name, null));
        return Assert.Single(entered.Headers.GetValues("Set-Cookie"));
    }

    private static Task<HttpResponseMessage> EnterAsync(HttpClient browser, string code, string site = "same-origin") =>
        browser.SendAsync(Post("/api/session", new JsonObject { ["code"] = code }.ToJsonString(), "", site), Cancelled);

    private static async Task<HttpStatusCode> StatusAsync(HttpClient browser, string cookie)
    {
        using var answer = await browser.SendAsync(Get("/api/secrets", cookie), Cancelled);
        return answer.StatusCode;
    }

    private static async Task<JsonNode> MeAsync(ApiHost host)
    {
        using var anyone = host.Client(null);
        return JsonNode.Parse(await anyone.GetStringAsync("/api/me", Cancelled))!;
    }

    private static HttpRequestMessage Get(string path, string cookie, string? site = "same-origin")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookie.Length > 0)
        {
            request.Headers.Add("Cookie", cookie.Split(';')[0]);
        }

        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        return request;
    }

    private static HttpRequestMessage Post(
        string path, string body, string cookie, string? site = "same-origin", string type = "application/json")
    {
        var request = Get(path, cookie, site);
        request.Method = HttpMethod.Post;
        request.Content = new StringContent(body, Encoding.UTF8, type);
        return request;
    }

    private static string Value(string cookie) => cookie.Split(';')[0].Split('=')[1];

    private static async Task<JsonNode> BodyAsync(HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;
}
