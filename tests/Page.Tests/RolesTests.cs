using Microsoft.Playwright;

namespace Rotunda.Page.Tests;

/// <summary>What each role is offered, and what not. Written out by hand.</summary>
[Collection(WorldCollection.Name)]
public sealed class RolesTests(PageWorld world)
{
    private static readonly string[] None = [];

    public static readonly TheoryData<string, string, string[]> Offers = new()
    {
        { "viewer", "/rotations/webhook-signing-2", None },
        { "operator", "/rotations/webhook-signing-2", ["Extend the grace period", "Roll back"] },
        { "approver", "/rotations/webhook-signing-2", ["Skip the wait"] },
        { "admin", "/rotations/webhook-signing-2", ["Extend the grace period", "Roll back", "Skip the wait"] },
        { "viewer", "/rotations/session-cookies-2", None },
        { "operator", "/rotations/session-cookies-2", ["Resume", "Roll back"] },
        { "approver", "/rotations/session-cookies-2", None },
        { "admin", "/rotations/session-cookies-2", ["Resume", "Roll back"] },
        { "viewer", "/rotations/orders-jwt-2", None },
        { "operator", "/rotations/orders-jwt-2", ["Cancel", "Roll back"] },
        { "approver", "/rotations/orders-jwt-2", ["Review and approve"] },
        { "admin", "/rotations/orders-jwt-2", ["Cancel", "Review and approve", "Roll back"] },
        { "viewer", "/rotations/search-api-1", None },
        { "admin", "/rotations/search-api-1", None },
        { "viewer", "/approve/orders-jwt-2", None },
        { "operator", "/approve/orders-jwt-2", None },
        { "approver", "/approve/orders-jwt-2", ["Approve", "Reject"] },
        { "admin", "/approve/orders-jwt-2", ["Approve", "Reject"] },
        { "viewer", "/campaigns/campaign-1", None },
        { "operator", "/campaigns/campaign-1", ["Pause…", "Retry failed…", "Stop…"] },
        { "approver", "/campaigns/campaign-1", None },
        { "admin", "/campaigns/campaign-1", ["Pause…", "Retry failed…", "Stop…"] },
        { "viewer", "/secrets/image-urls", None },
        { "operator", "/secrets/image-urls", ["Deliver again", "Emergency…", "Look at targets", "Rotate"] },
        { "approver", "/secrets/image-urls", None },
        { "admin", "/secrets/image-urls", ["Deliver again", "Emergency…", "Look at targets", "Rotate"] },
        { "operator", "/secrets/webhook-signing", ["Deliver again", "Emergency…", "Look at targets"] },
    };

    [Theory]
    [MemberData(nameof(Offers))]
    public async Task It_offers_what_the_role_may_do_now_and_nothing_else(string role, string path, string[] offered)
    {
        await using var window = await world.OpenAsync(role);
        await window.GoAsync(path);

        Assert.Equal(offered.Order(StringComparer.Ordinal), await window.ActionsAsync());
        window.AssertClean();
    }

    [Fact]
    public async Task Who_may_not_is_told_who_may()
    {
        await using var window = await world.OpenAsync("operator");
        await window.GoAsync("/approve/orders-jwt-2");
        await window.Text("You asked for this rotation yourself")
            .Or(window.Text("This needs the role approver or admin.")).First.WaitForAsync();
        await window.GoAsync("/incidents");
        await window.Button("Start the emergency…").WaitForAsync();
        await using var viewer = await world.OpenAsync("viewer");
        await viewer.GoAsync("/incidents");
        await viewer.Text("This needs the role operator or admin.").WaitForAsync();

        Assert.Equal(0, await viewer.Button("Start the emergency…").CountAsync());
        window.AssertClean();
        viewer.AssertClean();
    }

    [Fact]
    public async Task Home_leads_each_to_what_needs_a_person()
    {
        foreach (var role in PageWorld.Roles)
        {
            await using var window = await world.OpenAsync(role);
            await window.GoAsync("/");
            await window.Page.GetByRole(AriaRole.Link, new() { Name = "Review: orders-jwt", Exact = true }).ClickAsync();
            await window.Page.GetByRole(AriaRole.Heading, new() { Name = "Rotate orders-jwt?" }).WaitForAsync();
            await window.Page.GoBackAsync();
            await window.Page.GetByRole(AriaRole.Link, new() { Name = "See why: session-cookies", Exact = true }).ClickAsync();
            await window.Text("no approval came in time").First.WaitForAsync();
            window.AssertClean();
        }
    }
}
