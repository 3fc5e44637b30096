using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Rotunda.Page.Tests;

/// <summary>Who may come in: made, shown once, renewed, ended.</summary>
[Collection(WorldCollection.Name)]
public sealed class TokensTests(PageWorld world)
{
    [Theory]
    [InlineData("page-ci", "light", 1280)]
    [InlineData("page-ci-narrow", "dark", 360)]
    public async Task An_admin_makes_a_token_that_is_shown_once_renews_it_and_revokes_it(string name, string theme, int width)
    {
        await using var window = await world.OpenAsync("admin", theme, width);
        await window.GoAsync("/tokens");
        await window.Button("Make a token…").ClickAsync();
        await window.AssertAccessibleAsync();
        await window.Page.GetByLabel("Role").SelectOptionAsync("operator");
        await window.AnswerAsync("Make it", ("Name", name), ("For which secrets", "owner=shop name=x-*"), ("Ends after", "30d"));
        var token = await window.Page.Locator(".new-token code").InnerTextAsync();
        await window.AssertAccessibleAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(token));
        await window.Button("I have it").ClickAsync();
        await window.Page.Locator(".new-token").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.DoesNotContain(token, await window.Page.ContentAsync(), StringComparison.Ordinal);

        var line = window.Page.Locator("tr", new() { HasText = name });
        foreach (var text in new[] { "operator", "owner=shop", "by ada" })
        {
            await line.GetByText(text).WaitForAsync();
        }

        await window.Button($"Renew {name}").ClickAsync();
        await window.AnswerAsync("Renew", ("Ends after", "never"));
        await line.GetByText("never", new() { Exact = true }).WaitForAsync();
        await window.Button($"Revoke {name}").ClickAsync();
        await window.AnswerAsync("Revoke");
        await window.Page.Locator("tr", new() { HasText = name }).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await window.Page.GetByLabel("ended ones too").CheckAsync();
        await line.GetByText("revoked").WaitForAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(token));

        await window.Page.ReloadAsync();
        await window.ReadyAsync();
        Assert.DoesNotContain(token, await window.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.Equal("{}{}", await window.Page.EvaluateAsync<string>(
            "JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage })"));
        window.AssertClean();
    }

    [Fact]
    public async Task An_admin_signs_somebody_out()
    {
        using var admin = world.Client("admin");
        using var made = await admin.PostAsJsonAsync("/api/tokens", new { name = "walter-laptop", role = "viewer", owner = "walter" });
        using var holder = new HttpClient { BaseAddress = new Uri(world.Url) };
        holder.DefaultRequestHeaders.Authorization = Bearer((string)(await ReadAsync(made))["token"]!);
        using var link = await holder.PostAsync("/api/session/link", null);
        await using var walter = await world.OpenStrangerAsync();
        walter.Expected = text => text.Contains("401", StringComparison.Ordinal);
        await walter.Page.GotoAsync((string)(await ReadAsync(link))["path"]!);
        await walter.Button("Sign in").ClickAsync();
        await walter.ReadyAsync();

        await using var window = await world.OpenAsync("admin");
        await window.GoAsync("/tokens");
        await window.Text("this browser").WaitForAsync();
        await window.Page.Locator("tr", new() { HasText = "login link" }).Filter(new() { HasText = "walter" })
            .GetByRole(AriaRole.Button, new() { Name = "Sign out walter" }).ClickAsync();
        await window.AnswerAsync("Sign out");

        await walter.Text("rotunda login").First.WaitForAsync();
        walter.AssertClean();
        window.AssertClean();
    }

    [Fact]
    public async Task Nobody_else_is_led_to_it_and_who_comes_is_told_what_it_needs()
    {
        await using var window = await world.OpenAsync("operator");
        window.Expected = text => text.Contains("403", StringComparison.Ordinal);
        await window.GoAsync("/");
        Assert.Equal(0, await window.Page.Locator("[data-place='/tokens']").CountAsync());
        await window.Page.GotoAsync("/tokens");

        await window.Text("This needs the role admin").First.WaitForAsync();
        window.AssertClean();
    }

    private async Task<HttpStatusCode> StatusAsync(string token)
    {
        using var client = new HttpClient { BaseAddress = new Uri(world.Url) };
        client.DefaultRequestHeaders.Authorization = Bearer(token);
        using var answer = await client.GetAsync("/api/secrets");
        return answer.StatusCode;
    }

    private static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
}
