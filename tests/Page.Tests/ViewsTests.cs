namespace Rotunda.Page.Tests;

/// <summary>Every page, in both themes and on a phone: no barrier, no error, no other host, and no secret value.</summary>
[Collection(WorldCollection.Name)]
public sealed class ViewsTests(PageWorld world)
{
    public static readonly TheoryData<string, string> Views = new()
    {
        { "/", "Home" },
        { "/secrets", "Secrets" },
        { "/secrets?q=partner", "Secrets" },
        { "/secrets?q=there-is-no-such-one", "Secrets" },
        { "/secrets/webhook-signing", "webhook-signing" },
        { "/secrets/mail-relay", "mail-relay" },
        { "/secrets/image-urls", "image-urls" },
        { "/rotations", "Rotations" },
        { "/rotations?state=rejected", "Rotations" },
        { "/rotations/orders-jwt-2", "orders-jwt-2" },
        { "/rotations/session-cookies-2", "session-cookies-2" },
        { "/rotations/webhook-signing-2", "webhook-signing-2" },
        { "/rotations/mail-relay-1", "mail-relay-1" },
        { "/approve/orders-jwt-2", "Rotate orders-jwt?" },
        { "/provide/payroll-key-1", "A new value for payroll-key" },
        { "/approve/search-api-1", "search-api-1 does not ask for approval now" },
        { "/incidents", "Incidents" },
        { "/campaigns", "Campaigns" },
        { "/campaigns/campaign-1", "campaign-1" },
        { "/campaigns/campaign-1?phase=moving", "campaign-1" },
        { "/audit", "Audit" },
        { "/audit?secret=orders-jwt", "Audit" },
        { "/catalog", "Catalog" },
        { "/orphans", "Catalog" },
        { "/calendar", "Home" },
        { "/reports", "Report" },
        { "/tokens", "Tokens" },
    };

    [Theory]
    [MemberData(nameof(Views))]
    public async Task It_has_no_barrier_and_no_value_in_either_theme_wide_and_narrow(string path, string title)
    {
        foreach (var (theme, width) in new[] { ("light", 1280), ("dark", 360) })
        {
            await using var window = await world.OpenAsync("admin", theme, width);
            await window.GoAsync(path);

            Assert.Equal(title, (await window.Page.Locator("main h1").First.InnerTextAsync()).Trim());
            await window.AssertAccessibleAsync();
            var all = await window.EverythingAsync();
            Assert.All(world.Canaries(), canary => Assert.DoesNotContain(canary, all, StringComparison.Ordinal));
            window.AssertClean();
        }
    }

    [Fact]
    public async Task The_week_shows_the_change_freezes_of_a_calendar()
    {
        await using var window = await world.OpenAsync("viewer");
        await window.GoAsync("/");

        var frozen = window.Page.Locator(".days .freeze", new() { HasText = "Sale week" });
        await frozen.First.WaitForAsync();

        Assert.StartsWith("Freeze: shop: Sale week", (await frozen.First.InnerTextAsync()).Trim(), StringComparison.Ordinal);
        Assert.InRange(await frozen.CountAsync(), 2, 3);
        window.AssertClean();
    }

    [Fact]
    public async Task Home_tells_what_may_be_known_to_others_and_works()
    {
        await using var window = await world.OpenAsync("viewer");
        await window.GoAsync("/");

        var exposure = await window.Page.Locator("section", new() { Has = window.Page.Locator("#s-exposure") }).InnerTextAsync();
        Assert.Contains("bank-feed", exposure, StringComparison.Ordinal);
        Assert.Contains("The value in use may be known: it was in a chat", exposure, StringComparison.Ordinal);
        Assert.Contains("INC-12", exposure, StringComparison.Ordinal);
        Assert.Contains($"Campaign {PageWorld.Campaign}", exposure, StringComparison.Ordinal);
        Assert.Contains("2 of 3 secrets with the old value in use", exposure, StringComparison.Ordinal);
        window.AssertClean();
    }

    [Theory]
    [InlineData("light", 1280)]
    [InlineData("dark", 360)]
    public async Task Nobody_is_told_how_to_sign_in(string theme, int width)
    {
        await using var window = await world.OpenStrangerAsync(theme, width);
        await window.Page.GotoAsync("/rotations/orders-jwt-2");

        await window.Text("rotunda login").First.WaitForAsync();
        await window.AssertAccessibleAsync();
        window.AssertClean();
    }

    [Theory]
    [InlineData("light", 1280)]
    [InlineData("dark", 360)]
    public async Task Whoever_finds_one_stuck_is_told_why_and_what_each_way_out_does(string theme, int width)
    {
        await using var window = await world.OpenAsync("operator", theme, width);
        await window.GoAsync("/rotations/session-cookies-2");

        var words = await window.Page.InnerTextAsync(".card.state");
        Assert.Contains("No approval came in time", words, StringComparison.Ordinal);
        Assert.Contains("the new value is in use, and the old one lives on", words, StringComparison.Ordinal);
        foreach (var way in new[] { "Resume", "It goes on where it was", "Roll back", "Everything is put back", "Emergency" })
        {
            Assert.Contains(way, words, StringComparison.Ordinal);
        }

        await window.AssertAccessibleAsync();
        window.AssertClean();
    }

    [Fact]
    public async Task A_newcomer_with_an_empty_catalog_is_told_how_to_begin()
    {
        await using var window = await world.OpenAsync("admin", "dark", 360);
        await window.Page.RouteAsync("**/api/home", route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Body = """
                {"at":"2026-01-01T00:00:00Z","needs":[],"running":[],
                "exposure":{"secrets":[],"count":0,"campaigns":[]},"counts":{"at":"2026-01-01T00:00:00Z","secrets":0,"needs":0,
                "groups":[],"ages":[0,0,0,0,0,0,0,0,0,0,0,0],"onRequest":0,"orphans":0}}
                """,
        }));
        await window.GoAsync("/");

        await window.Text("The catalog has no secrets yet.").WaitForAsync();
        await window.Text("rotunda catalog validate").WaitForAsync();
        await window.AssertAccessibleAsync();
        window.AssertClean();
    }

    [Fact]
    public async Task A_dialog_and_the_keys_have_no_barrier_either()
    {
        await using var window = await world.OpenAsync("admin", "dark", 360);
        await window.GoAsync("/rotations/webhook-signing-2");
        await window.Button("Extend the grace period").ClickAsync();
        await window.AssertAccessibleAsync();
        await window.Page.Keyboard.PressAsync("Escape");
        await window.Page.Keyboard.PressAsync("?");
        await window.Text("Search secrets").First.WaitForAsync();
        await window.AssertAccessibleAsync();
        window.AssertClean();
    }
}
