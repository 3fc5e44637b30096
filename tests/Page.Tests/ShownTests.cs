using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Rotunda.Page.Tests;

/// <summary>What some pages show at some times only.</summary>
[Collection(WorldCollection.Name)]
public sealed class ShownTests(PageWorld world)
{
    public static readonly TheoryData<string, int> Looks = new() { { "light", 1280 }, { "dark", 360 } };

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task The_week_shows_a_freeze_on_each_day_that_it_holds(string theme, int width)
    {
        await using var window = await world.OpenAsync("viewer", theme, width);
        await window.GoAsync("/");
        await window.Text("Freeze: release-week").First.WaitForAsync();

        // Its last day is one of it.
        Assert.Equal(3, await window.Page.Locator(".days .freeze", new() { HasText = "release-week" }).CountAsync());
        await window.AssertAccessibleAsync();
        window.AssertClean();
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task A_secret_tells_its_next_runs_and_what_puts_each_off(string theme, int width)
    {
        await using var window = await world.OpenAsync("viewer", theme, width);
        await window.GoAsync("/secrets/image-urls");
        await window.Text("The next five runs").ClickAsync();
        await window.Page.Locator("[data-key=runs] tbody tr").First.WaitForAsync();

        Assert.Equal(5, await window.Page.Locator("[data-key=runs] tbody tr").CountAsync());
        await window.AssertAccessibleAsync();
        window.AssertClean();
    }

    /// <summary>Nothing here moves rows by the hour, so the numbers come into the server's answer on its way.</summary>
    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Stored_data_on_its_way_to_another_key_shows_rows_rate_time_left_and_use(string theme, int width)
    {
        await using var window = await world.OpenAsync("viewer", theme, width);
        await ChangeAsync(window, "webhook-signing-2", view =>
        {
            view["progress"]!["progress"] = JsonNode.Parse("""{"rows":25000,"total":100000,"rowsPerSecond":1250,"secondsLeft":60}""");
            view["evidence"] = JsonNode.Parse("""
                [
                  {"at":"2026-01-01T00:00:00Z","quiet":"00:00:00","asked":"1.00:00:00","detail":"used by shop-7"},
                  {"at":"2026-01-01T06:00:00Z","asked":"1.00:00:00","detail":"the log could not be read"},
                  {"at":"2026-01-01T12:00:00Z","quiet":"11:00:00","asked":"1.00:00:00"}
                ]
                """);
        });
        await window.GoAsync("/rotations/webhook-signing-2");

        await window.Text("25,000 of 100,000 rows · 1,250 a second · about 1 min left").WaitForAsync();
        Assert.Equal("25 percent of the rows", await window.Page.Locator(".slices .meter").GetAttributeAsync("aria-label"));
        await window.Text("Unused for 11 h at the last of 3 looks.").WaitForAsync();
        Assert.Equal(
            ["spark-dot used", "spark-dot none", "spark-dot"],
            await window.Page.Locator(".evidence path").EvaluateAllAsync<string[]>(
                "all => all.map(one => one.getAttribute('class').trim())"));
        await window.AssertAccessibleAsync();
        window.AssertClean();
    }

    [Fact]
    public async Task A_report_is_printed_on_white_without_its_frame_whatever_the_theme()
    {
        await using var window = await world.OpenAsync("viewer", "dark");
        await window.GoAsync("/reports");
        await window.Page.EmulateMediaAsync(new() { Media = Media.Print, ColorScheme = ColorScheme.Dark });
        try
        {
            Assert.False(await window.Page.Locator("header").IsVisibleAsync());
            Assert.False(await window.Button("Print").IsVisibleAsync());
            Assert.True(await window.Text("rotations succeeded").IsVisibleAsync());
            Assert.Equal("rgb(255, 255, 255)", await window.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
            // Also that every tone can be read on it.
            await window.AssertAccessibleAsync();
            Assert.Equal("%PDF"u8.ToArray(), (await window.Page.PdfAsync())[..4]);
        }
        finally
        {
            await window.Page.EmulateMediaAsync(new() { Media = Media.Screen, ColorScheme = ColorScheme.Dark });
        }

        window.AssertClean();
    }

    private static Task<IAsyncDisposable> ChangeAsync(Window window, string id, Action<JsonNode> change) =>
        window.Page.RouteAsync($"**/api/rotations/{id}", async route =>
        {
            var answer = await route.FetchAsync();
            var view = JsonNode.Parse(await answer.TextAsync())!;
            change(view);
            await route.FulfillAsync(new() { Response = answer, Body = view.ToJsonString() });
        });
}
