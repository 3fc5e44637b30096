using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Rotunda.Page.Tests.SignIn;

/// <summary>Signing in at an identity provider: what comes of it, and each answer that has to be refused.</summary>
[Collection(SignInCollection.Name)]
public sealed class ProviderSignInTests(Browser browser, SignedServer server)
{
    private const string Session = "__Host-rotunda";

    [Fact]
    public async Task A_person_comes_back_from_the_provider_to_where_they_were_going()
    {
        server.Provider.Person = Person("g-approve", "g-other");
        await using var context = await browser.Chromium.NewContextAsync();
        var page = await context.NewPageAsync();
        var hosts = new HashSet<string>(StringComparer.Ordinal);
        page.Request += (_, request) => hosts.Add(new Uri(request.Url).Authority);
        await page.GotoAsync($"{server.Url}/sign-in?return=%2Fsecrets%2Fa-key", new() { WaitUntil = WaitUntilState.Commit });
        await page.UntilAtAsync("/secrets/a-key");
        var me = JsonNode.Parse(await page.EvaluateAsync<string>("fetch('/api/me').then(a => a.text())"))!;

        Assert.Equal(
            ("Anna Example [sub-1]", "sub-1", "session", "oidc"),
            ((string?)me["subject"], (string?)me["person"], (string?)me["by"], (string?)me["session"]!["by"]));
        Assert.Equal(["approver"], me["roles"]!.AsArray().Select(role => (string?)role));
        Assert.Equal(SameSiteAttribute.Strict, Assert.Single(await context.CookiesAsync(), cookie => cookie.Name == Session).SameSite);
        Assert.Equal(2, hosts.Count);
        using var admin = server.Process.Client();
        Assert.Contains(
            "\"Anna Example [sub-1]\",\"action\":\"session.start\"",
            await admin.GetStringAsync("/api/audit"),
            StringComparison.Ordinal);
        Assert.DoesNotContain(IdentityProvider.ClientSecret, server.Process.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonce")]
    [InlineData("state")]
    [InlineData("issuer")]
    [InlineData("audience")]
    [InlineData("expired")]
    [InlineData("early")]
    [InlineData("signature")]
    [InlineData("unknown-key")]
    [InlineData("unsigned")]
    [InlineData("nobody")]
    [InlineData("denied")]
    public async Task An_answer_that_is_wrong_is_refused(string fault)
    {
        server.Provider.Person = Person("g-approve");
        var person = new Walk(server.Url);
        server.Provider.Fault = fault;
        try
        {
            using var answer = await person.SignInAsync("/sign-in");

            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.False(person.Cookies.ContainsKey(Session));
            Assert.Equal("false", await person.SignedInAsync());
        }
        finally
        {
            server.Provider.Fault = null;
        }

        using var right = await person.SignInAsync("/sign-in");
        Assert.True(right.StatusCode == HttpStatusCode.OK, server.Process.Output);
        Assert.Equal("true", await person.SignedInAsync());
    }

    /// <summary>Someone else's code or answer, brought into this browser, finds nothing here that waits for it.</summary>
    [Fact]
    public async Task An_answer_that_another_browser_asked_for_is_refused_and_none_is_good_twice()
    {
        server.Provider.Person = Person("g-approve");
        var (mallory, victim) = (new Walk(server.Url), new Walk(server.Url));
        var answer = await mallory.ToAnswerAsync("/sign-in");
        using var crossed = await victim.GetAsync(answer);
        using var own = await mallory.GetAsync(answer);
        using var again = await mallory.GetAsync(answer);

        Assert.Equal(
            (HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.Forbidden),
            (crossed.StatusCode, own.StatusCode, again.StatusCode));
        Assert.False(victim.Cookies.ContainsKey(Session));
    }

    [Theory]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/nothing", "/")]
    [InlineData("/secrets/a\" onload=x", "/")]
    [InlineData("/audit?secret=a-key", "/audit?secret=a-key")]
    public async Task Nobody_is_sent_anywhere_but_to_the_page(string wanted, string sent)
    {
        server.Provider.Person = Person();
        var person = new Walk(server.Url);
        using var answer = await person.SignInAsync($"/sign-in?return={Uri.EscapeDataString(wanted)}");

        Assert.Contains($"content=\"0; url={sent}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approval_asks_for_a_fresh_sign_in_and_the_provider_has_to_give_one()
    {
        var anHourAgo = DateTimeOffset.UtcNow.AddHours(-1);
        server.Provider.Person = Person(anHourAgo, "g-approve", "g-run");
        var person = new Walk(server.Url);
        using var first = await person.SignInAsync("/sign-in");
        Assert.True(first.StatusCode == HttpStatusCode.OK, server.Process.Output);

        Assert.Equal("sign-in-again", await CodeAsync(await person.PostAsync("/api/rotations/none-1/approve", """{"reason":"x"}""")));
        Assert.Equal("invalid-field", await CodeAsync(await person.PostAsync("/api/rotations", """{"secret":"a-key"}""")));

        using var ignored = await person.SignInAsync("/sign-in?again=true&return=/approve/none-1");
        Assert.Equal(HttpStatusCode.Forbidden, ignored.StatusCode);
        Assert.Equal(("login", "0"), (server.Provider.Asked["prompt"], server.Provider.Asked["max_age"]));
        Assert.Equal("sign-in-again", await CodeAsync(await person.PostAsync("/api/rotations/none-1/approve", """{"reason":"x"}""")));

        server.Provider.Person = Person(DateTimeOffset.UtcNow, "g-approve");
        using var fresh = await person.SignInAsync("/sign-in?again=true&return=/approve/none-1");
        Assert.Contains("url=/approve/none-1", await fresh.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("not-found", await CodeAsync(await person.PostAsync("/api/rotations/none-1/approve", """{"reason":"x"}""")));
        Assert.Empty(server.Provider.Refused);
    }

    private static JsonObject Person(params string[] groups) => Person(DateTimeOffset.UtcNow, groups);

    private static JsonObject Person(DateTimeOffset signedInAt, params string[] groups) => new()
    {
        ["sub"] = "sub-1",
        ["name"] = "Anna Example",
        ["groups"] = new JsonArray([.. groups.Select(group => (JsonNode)group)]),
        ["auth_time"] = signedInAt.ToUnixTimeSeconds(),
    };

    private static async Task<string?> CodeAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            return (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"];
        }
    }

    /// <summary>A browser's way, step by step, with its cookies.</summary>
    private sealed class Walk(string url)
    {
        private static readonly HttpClient Client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

        public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

        public async Task<HttpResponseMessage> SignInAsync(string start) => await GetAsync(await ToAnswerAsync(start));

        /// <summary>As far as the address with the provider's answer, which is not gone to.</summary>
        public async Task<string> ToAnswerAsync(string start)
        {
            using var begun = await GetAsync(url + start);
            Assert.True(begun.StatusCode == HttpStatusCode.Redirect, await begun.Content.ReadAsStringAsync());
            using var asked = await Client.GetAsync(begun.Headers.Location);
            Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
            return asked.Headers.Location!.ToString();
        }

        public Task<HttpResponseMessage> GetAsync(string address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, address));

        public Task<HttpResponseMessage> PostAsync(string path, string body)
        {
            var request = new HttpRequestMessage(
                HttpMethod.Post,
                url + path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            return SendAsync(request);
        }

        public async Task<string> SignedInAsync()
        {
            using var me = await GetAsync($"{url}/api/me");
            return JsonNode.Parse(await me.Content.ReadAsStringAsync())!["signedIn"]!.ToJsonString();
        }

        private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
        {
            if (Cookies.Count > 0)
            {
                request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
            }

            var answer = await Client.SendAsync(request);
            foreach (var pair in answer.Headers.TryGetValues("Set-Cookie", out var set)
                ? set.Select(text => text.Split(';')[0].Split('=', 2))
                : [])
            {
                _ = pair[1].Length == 0 ? Cookies.Remove(pair[0]) : (Cookies[pair[0]] = pair[1]) is not null;
            }

            return answer;
        }
    }
}
