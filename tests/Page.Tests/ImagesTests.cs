using Microsoft.Playwright;

namespace Rotunda.Page.Tests;

/// <summary>Makes the pictures of docs/images, where ROTUNDA_PAGE_IMAGES names a folder to put them.</summary>
[Collection(WorldCollection.Name)]
public sealed class ImagesTests(PageWorld world)
{
    private static readonly (string Name, string Role, string Path)[] Views =
    [
        ("home", "approver", "/"),
        ("approve", "approver", "/approve/orders-jwt-2"),
        ("rotation", "operator", "/rotations/session-cookies-2"),
        ("secret", "operator", "/secrets/webhook-signing"),
        ("campaign", "operator", "/campaigns/campaign-1"),
    ];

    [Fact]
    public async Task They_are_made_where_a_folder_is_named()
    {
        var folder = Environment.GetEnvironmentVariable("ROTUNDA_PAGE_IMAGES");
        Assert.SkipWhen(folder is null, "ROTUNDA_PAGE_IMAGES names no folder");
        Directory.CreateDirectory(folder!);
        foreach (var (look, theme, width) in new[] { ("light", "light", 1120), ("dark", "dark", 1120), ("narrow", "light", 360) })
        {
            foreach (var (name, role, path) in Views)
            {
                await using var window = await world.OpenAsync(role, theme, width);
                await window.GoAsync(path);
                await window.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
                await window.Page.ScreenshotAsync(new() { Path = Path.Combine(folder!, $"page-{name}-{look}.png") });
                window.AssertClean();
            }
        }
    }
}
