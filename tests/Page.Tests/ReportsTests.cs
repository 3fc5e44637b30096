using System.Text.Json;

namespace Rotunda.Page.Tests;

/// <summary>Reports are kept as files, from the page too.</summary>
[Collection(WorldCollection.Name)]
public sealed class ReportsTests(PageWorld world)
{
    [Theory]
    [InlineData("report.html", "<!doctype html>")]
    [InlineData("report.csv", "secret,")]
    [InlineData("report.json", "{")]
    public async Task The_quarter_s_report_is_kept_as_each_of_its_files(string file, string begins)
    {
        await using var window = await world.OpenAsync("viewer");
        await window.GoAsync("/reports");
        var download = await window.Page.RunAndWaitForDownloadAsync(() => window.Button(file).ClickAsync());
        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        var text = await reader.ReadToEndAsync();

        Assert.EndsWith($"-{file}", download.SuggestedFilename, StringComparison.Ordinal);
        Assert.StartsWith(begins, text.TrimStart('\uFEFF'), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("webhook-signing", text, StringComparison.Ordinal);
        if (begins == "{")
        {
            using var parsed = JsonDocument.Parse(text);
        }

        await window.AssertAccessibleAsync();
        window.AssertClean();
    }
}
