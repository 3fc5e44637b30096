using System.Text.Json;
using Microsoft.Playwright;

namespace Rotunda.Page.Tests;

/// <summary>What another page in the same browser can do with a person's session: nothing. Each with a real request of Chromium.</summary>
[Collection(PageCollection.Name)]
public sealed class CrossSiteTests(Browser browser, OneServer server)
{
    /// <summary>Also that Chromium keeps a Secure cookie of a plain 127.0.0.1, and shows it to no script.</summary>
    [Fact]
    public async Task A_login_link_signs_the_browser_in_and_its_cookie_is_out_of_reach()
    {
        await using var context = await browser.Chromium.NewContextAsync();
        var page = await SignInAsync(context);

        var cookie = Assert.Single(await context.CookiesAsync());
        Assert.Equal(
            ("__Host-rotunda", true, true, SameSiteAttribute.Strict, "/", "127.0.0.1"),
            (cookie.Name, cookie.HttpOnly, cookie.Secure, cookie.SameSite, cookie.Path, cookie.Domain));
        Assert.Equal("", await page.EvaluateAsync<string>("document.cookie"));
        Assert.Equal("admin", await page.EvaluateAsync<string>("fetch('/api/me').then(a => a.json()).then(me => me.subject)"));
        Assert.DoesNotContain("#", page.Url, StringComparison.Ordinal);
    }

    /// <summary>A login link opens a tab of its own.</summary>
    [Fact]
    public async Task A_login_link_leads_to_the_page_that_was_wanted_and_the_other_tab_goes_on_by_itself()
    {
        await using var context = await browser.Chromium.NewContextAsync();
        var first = await context.NewPageAsync();
        await first.GotoAsync($"{server.Url}/audit?secret=a-key");
        await first.GetByText("rotunda login").First.WaitForAsync();
        var second = await context.NewPageAsync();
        await second.GotoAsync(await server.LinkAsync());
        await second.GetByText("/audit?secret=a-key").WaitForAsync();
        await second.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await second.UntilAtAsync("/audit?secret=a-key");
        Assert.Null(await second.EvaluateAsync<string?>("localStorage.getItem('wanted')"));
        await first.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");
        await first.Locator(".shell main h1").WaitForAsync();
        Assert.EndsWith("/audit?secret=a-key", first.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task A_login_link_leads_to_no_other_site_whatever_stands_in_the_browser(string wanted)
    {
        await using var context = await browser.Chromium.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{server.Url}/login");
        await page.EvaluateAsync("path => localStorage.setItem('wanted', JSON.stringify({ path, at: Date.now() }))", wanted);
        await page.GotoAsync(await server.LinkAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await page.UntilAwayFromAsync("/login");
        Assert.Equal(new Uri(server.Url).Authority, new Uri(page.Url).Authority);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_page_changes_nothing_by_fetch_or_form(bool sameSite)
    {
        await using var other = await OtherSite.StartAsync();
        await using var context = await browser.Chromium.NewContextAsync();
        var own = await SignInAsync(context);
        var before = await RotationsAsync(own);
        var page = await context.NewPageAsync();
        await page.GotoAsync(sameSite ? other.SameSite : other.CrossSite);

        // Without asking first (no-cors), as a browser does for a "simple" request; and with asking.
        foreach (var mode in new[] { "no-cors", "cors" })
        {
            foreach (var type in new[] { "text/plain", "application/json" })
            {
                await page.EvaluateAsync("""
                    async ([url, mode, type]) => {
                        const body = JSON.stringify({ secret: "a-key", reason: "stolen" });
                        try { await fetch(url, { method: "POST", mode, credentials: "include", headers: { "Content-Type": type }, body }); }
                        catch { /* refused by the browser itself */ }
                    }
                    """, new object[] { $"{server.Url}/api/rotations", mode, type });
            }
        }

        await page.EvaluateAsync($$"""
            () => {
                const form = document.createElement("form");
                form.method = "POST"; form.enctype = "text/plain"; form.action = "{{server.Url}}/api/rotations";
                const field = document.createElement("input");
                field.name = '{"secret":"a-key","reason":"'; field.value = '"}';
                form.append(field); document.body.append(form); form.submit();
            }
            """);
        await page.UntilAtAsync("/api/rotations");

        Assert.Equal(before, await RotationsAsync(own));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_page_reads_nothing(bool sameSite)
    {
        await using var other = await OtherSite.StartAsync();
        await using var context = await browser.Chromium.NewContextAsync();
        await SignInAsync(context);
        var page = await context.NewPageAsync();
        await page.GotoAsync(sameSite ? other.SameSite : other.CrossSite);
        var refused = new List<int>();
        page.Response += (_, answer) => refused.Add(answer.Status);

        foreach (var path in new[] { "/api/secrets", "/api/me", "/" })
        {
            Assert.Equal("TypeError", await page.EvaluateAsync<string>(
                "url => fetch(url, { credentials: 'include' }).then(a => a.text(), problem => problem.name)", server.Url + path));
        }

        Assert.Equal("blocked", await page.EvaluateAsync<string>("""
            url => new Promise(done => {
                const script = document.createElement("script");
                script.onload = () => done("loaded"); script.onerror = () => done("blocked");
                script.src = url; document.body.append(script);
            })
            """, $"{server.Url}/assets/app.js"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_page_frames_nothing_and_holds_no_window_of_it(bool sameSite)
    {
        await using var other = await OtherSite.StartAsync();
        await using var context = await browser.Chromium.NewContextAsync();
        await SignInAsync(context);
        var page = await context.NewPageAsync();
        await page.GotoAsync(sameSite ? other.SameSite : other.CrossSite);
        var violations = new List<string>();
        page.Console += (_, message) => violations.Add(message.Text);
        await page.EvaluateAsync("""
            url => new Promise(done => {
                const frame = document.createElement("iframe");
                frame.onload = done; frame.src = url; document.body.append(frame);
            })
            """, server.Url);
        var opened = await page.RunAndWaitForPopupAsync(
            () => page.EvaluateAsync("url => { window.opened = window.open(url); }", server.Url));
        await opened.WaitForLoadStateAsync();

        Assert.Contains(violations, text => text.Contains("frame-ancestors", StringComparison.Ordinal));
        Assert.True(await page.EvaluateAsync<bool>("window.opened.closed"));
        Assert.True(await opened.EvaluateAsync<bool>("window.opener === null"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_page_signs_nobody_in_or_out(bool sameSite)
    {
        await using var other = await OtherSite.StartAsync();
        await using var context = await browser.Chromium.NewContextAsync();
        var own = await SignInAsync(context);
        var code = (await server.LinkAsync(await server.TokenAsync($"mallory-{sameSite}", "viewer"))).Split('#')[1];
        var page = await context.NewPageAsync();
        await page.GotoAsync(sameSite ? other.SameSite : other.CrossSite);
        foreach (var (path, body) in new[] { ("/api/session", JsonSerializer.Serialize(new { code })), ("/api/session/end", "{}") })
        {
            await page.EvaluateAsync(
                "([url, body]) => fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include', body }).catch(() => 0)",
                new object[] { server.Url + path, body });
        }

        Assert.Equal("admin", await own.EvaluateAsync<string>("fetch('/api/me').then(a => a.json()).then(me => me.subject)"));
    }

    [Fact]
    public async Task The_page_runs_nothing_inline_and_asks_no_other_host()
    {
        await using var other = await OtherSite.StartAsync();
        await using var context = await browser.Chromium.NewContextAsync();
        var page = await SignInAsync(context);

        Assert.Equal("blocked", await page.EvaluateAsync<string>("""
            () => {
                window.ran = false;
                const script = document.createElement("script");
                script.textContent = "window.ran = true"; document.body.append(script);
                return window.ran ? "ran" : "blocked";
            }
            """));
        Assert.Equal("TypeError", await page.EvaluateAsync<string>(
            "url => fetch(url, { mode: 'no-cors' }).then(() => 'sent', problem => problem.name)", other.CrossSite));
    }

    private async Task<IPage> SignInAsync(IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(await server.LinkAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.UntilAwayFromAsync("/login");
        return page;
    }

    private static Task<int> RotationsAsync(IPage page) =>
        page.EvaluateAsync<int>("fetch('/api/rotations').then(a => a.json()).then(list => list.rotations.length)");
}
