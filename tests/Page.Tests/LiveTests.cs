using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Rotunda.Page.Tests;

/// <summary>What a tab hears of after it was closed, or after its server was away.</summary>
[Collection(PageCollection.Name)]
public sealed class LiveTests(Browser browser, OneServer server)
{
    [Fact]
    public async Task A_tab_that_comes_back_and_one_that_stayed_hear_of_changes_after_the_server_was_started_again()
    {
        await using var context = await browser.Chromium.NewContextAsync();
        var link = await server.LinkAsync();
        var stayed = await TabAsync(context);
        await stayed.Page.GotoAsync(link);
        await stayed.Button("Sign in").ClickAsync();
        await stayed.ReadyAsync();
        await stayed.GoAsync("/rotations");
        await stayed.Page.EvaluateAsync("window.same = true");
        var closed = await TabAsync(context);
        await closed.GoAsync("/rotations");
        await closed.Page.CloseAsync();
        var missed = await RotateAsync();
        await stayed.Link(missed).WaitForAsync();

        await server.Process.StopAsync();
        await stayed.Text("The server does not answer.").First.WaitForAsync();
        await server.Process.RestartAsync(server.Process.Settings with { Urls = server.Url });
        await stayed.Page.Locator(".banner").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        var opened = await TabAsync(context);
        await opened.GoAsync("/rotations");
        await opened.Link(missed).WaitForAsync();
        await opened.Page.EvaluateAsync("window.same = true");
        var heard = await RotateAsync();

        foreach (var tab in new[] { stayed, opened })
        {
            await tab.Link(heard).WaitForAsync();
            Assert.True(await tab.Page.EvaluateAsync<bool>("window.same"));
            tab.AssertClean();
        }
    }

    private async Task<Window> TabAsync(IBrowserContext context)
    {
        var window = await Window.OpenAsync(context, server.Url, isKept: false);
        // The server is away, or has begun and is not ready (503).
        window.Expected = text => new[] { "ERR_", "network", "503" }.Any(said => text.Contains(said, StringComparison.Ordinal));
        return window;
    }

    /// <summary>To its end: other tests count what is open.</summary>
    private async Task<string> RotateAsync()
    {
        using var admin = server.Process.Client();
        using var started = await admin.PostAsJsonAsync("/api/rotations", new { secret = "a-key", reason = "while nobody looked" });
        var id = (string)JsonNode.Parse(await started.Content.ReadAsStringAsync())!["rotationId"]!;
        await server.Process.UntilAsync(
            async () => JsonNode.Parse(await admin.GetStringAsync($"/api/rotations/{id}"))!["rotation"]!["endedAt"] is not null,
            $"{id} has ended");
        return id;
    }
}
