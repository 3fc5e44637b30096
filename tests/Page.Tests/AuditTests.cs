using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Rotunda.Page.Tests;

/// <summary>The audit's chain, computed in the browser, and its export.</summary>
[Collection(WorldCollection.Name)]
public sealed class AuditTests(PageWorld world)
{
    [Fact]
    public async Task The_chain_is_recomputed_in_the_browser_and_found_intact()
    {
        await using var window = await world.OpenAsync("viewer");
        await window.GoAsync("/audit");
        await window.Button("Verify the chain").ClickAsync();

        await window.Text("The chain is intact.").WaitForAsync();
        await window.AssertAccessibleAsync();
        window.AssertClean();
    }

    [Theory]
    [InlineData("detail", "Row 7 was changed after it was written.")]
    [InlineData("previousHash", "Row 7 does not follow the row before it.")]
    [InlineData("sequence", "Row 7 is missing.")]
    public async Task A_row_that_was_changed_shows_whatever_the_server_says(string field, string told)
    {
        await using var window = await world.OpenAsync("viewer");
        await window.Page.RouteAsync("**/api/audit?after=*", async route =>
        {
            var answer = await route.FetchAsync();
            var page = JsonNode.Parse(await answer.TextAsync())!;
            var row = page["rows"]![6]!;
            row[field] = field == "sequence" ? JsonValue.Create(8) : JsonValue.Create("changed");
            await route.FulfillAsync(new() { Response = answer, Body = page.ToJsonString() });
        });
        await window.GoAsync("/audit");
        await window.Button("Verify the chain").ClickAsync();

        await window.Text("The chain is broken.").WaitForAsync();
        await window.Text(told).WaitForAsync();
        window.AssertClean();
    }

    [Fact]
    public async Task The_export_has_each_row_of_the_filter_on_a_line()
    {
        await using var window = await world.OpenAsync("viewer");
        await window.GoAsync("/audit?rotation=orders-jwt-1");
        var download = await window.Page.RunAndWaitForDownloadAsync(() => window.Button("Export").ClickAsync());
        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        var lines = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("audit-orders-jwt-1.jsonl", download.SuggestedFilename);
        Assert.Equal((await world.RotationAsync("orders-jwt-1"))["timeline"]!.AsArray().Count, lines.Length);
        Assert.All(lines, line => Assert.Equal(
            "orders-jwt-1", JsonDocument.Parse(line).RootElement.GetProperty("rotationId").GetString()));
        window.AssertClean();
    }

    [Fact]
    public async Task The_filter_and_the_pages_are_addresses()
    {
        await using var window = await world.OpenAsync("viewer");
        await window.GoAsync("/audit");
        await window.Page.GetByRole(AriaRole.Textbox, new() { Name = "Secret", Exact = true }).FillAsync("search-api");
        await window.Button("Filter").ClickAsync();
        await window.Page.UntilAtAsync("/audit?secret=search-api");
        await window.Link("All rows").WaitForAsync();

        Assert.Equal(0, await window.Page.Locator("tbody").GetByText("orders-jwt").CountAsync());
        window.AssertClean();
    }
}
