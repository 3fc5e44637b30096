using Microsoft.Playwright;

namespace Rotunda.Page.Tests;

/// <summary>The page without a mouse, and as it changes while somebody looks.</summary>
[Collection(WorldCollection.Name)]
public sealed class KeyboardTests(PageWorld world)
{
    [Fact]
    public async Task Keys_search_walk_and_open()
    {
        await using var window = await world.OpenAsync("viewer");
        await window.GoAsync("/");
        await window.Page.Keyboard.PressAsync("/");
        await window.Page.Keyboard.TypeAsync("partner-");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.Page.UntilAtAsync("/secrets?q=partner-");
        await window.Link("partner-b-webhook").WaitForAsync();
        await window.Page.EvaluateAsync("document.activeElement.blur()");
        await window.Page.Keyboard.PressAsync("j");
        await window.Page.Keyboard.PressAsync("j");
        await window.Page.Keyboard.PressAsync("k");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.Page.UntilAtAsync("/secrets/partner-a-webhook");
        await window.Page.Keyboard.PressAsync("g");
        await window.Page.Keyboard.PressAsync("r");
        await window.Page.UntilAtAsync("/rotations");
        await window.Page.Keyboard.PressAsync("?");
        await window.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" }).WaitForAsync();
        await window.Page.Keyboard.PressAsync("Escape");

        Assert.Equal(0, await window.Page.GetByRole(AriaRole.Dialog).CountAsync());
        window.AssertClean();
    }

    [Fact]
    public async Task The_first_key_leads_past_the_navigation()
    {
        await using var window = await world.OpenAsync("viewer");
        await window.GoAsync("/catalog");
        await window.Page.Keyboard.PressAsync("Tab");
        await window.Page.Keyboard.PressAsync("Enter");

        await window.Page.Locator("#main:focus").WaitForAsync();
        window.AssertClean();
    }

    [Fact]
    public async Task What_happens_elsewhere_shows_without_a_reload()
    {
        var id = await world.StartAsync("own-live", "waiting-for-approval");
        await using var window = await world.OpenAsync("viewer");
        await window.GoAsync($"/rotations/{id}");
        await window.Page.EvaluateAsync("window.same = true");
        await window.Page.Locator(".state").GetByText("Waits for approval", new() { Exact = true }).WaitForAsync();
        await world.ApproveAsync(id);

        await window.Page.Locator(".state").GetByText("Succeeded").WaitForAsync();
        Assert.True(await window.Page.EvaluateAsync<bool>("window.same"));
        window.AssertClean();
    }

    [Fact]
    public async Task A_server_that_is_lost_is_told_and_found_again()
    {
        await using var window = await world.OpenAsync("viewer");
        window.Expected = text => text.Contains("ERR_", StringComparison.Ordinal) || text.Contains("network", StringComparison.Ordinal);
        await window.GoAsync("/");
        await window.Page.Context.SetOfflineAsync(true);
        await window.Page.EvaluateAsync("document.querySelector('[data-place=\"/rotations\"]').click()");
        await window.Text("The server does not answer.").First.WaitForAsync();
        await window.Page.Context.SetOfflineAsync(false);

        await window.Page.Locator(".banner").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await window.Link("webhook-signing-2").WaitForAsync();
        window.AssertClean();
    }

    [Fact]
    public async Task What_somebody_types_survives_what_changes_meanwhile()
    {
        await using var window = await world.OpenAsync("approver");
        await window.GoAsync("/approve/orders-jwt-2");
        await window.Page.GetByLabel("Comment").FillAsync("half a sent");
        // The findings change while it is typed.
        await window.Page.RouteAsync("**/api/secrets/orders-jwt", async route =>
        {
            var answer = await route.FetchAsync();
            await route.FulfillAsync(new()
            {
                Response = answer,
                Body = (await answer.TextAsync()).Replace("given to shops", "x", StringComparison.Ordinal)
                    .Replace("gives to shops", "gives to nobody", StringComparison.Ordinal),
            });
        });
        using var client = world.Client("operator");
        await client.PostAsync("/api/secrets/edge-tokens/verify", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
        await window.Text("gives to nobody").WaitForAsync();

        Assert.Equal("half a sent", await window.Page.GetByLabel("Comment").InputValueAsync());
        Assert.Equal("comment", await window.Page.EvaluateAsync<string>("document.activeElement.id"));
        window.AssertClean();
    }
}
