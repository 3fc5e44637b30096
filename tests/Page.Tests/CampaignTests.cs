using Microsoft.Playwright;

namespace Rotunda.Page.Tests;

/// <summary>Campaigns on the page: looked at, started, steered and followed to their end, by role.</summary>
[Collection(WorldCollection.Name)]
public sealed class CampaignTests(PageWorld world)
{
    [Fact]
    public async Task An_operator_looks_at_the_preview_starts_it_and_steers_it_to_its_end()
    {
        await using var window = await world.OpenAsync("operator");
        await window.GoAsync("/campaigns");
        await window.Button("Look at the preview").ClickAsync();
        await window.Text("Say which secrets.").WaitForAsync();
        await window.Page.GetByLabel("Which secrets").FillAsync("name=own-fleet-*");
        await window.Page.GetByLabel("Reason").FillAsync("the build machines were opened");
        await window.Button("Look at the preview").ClickAsync();
        await window.Text("A campaign of 2 secrets").WaitForAsync();
        await window.Text("Will need a person").WaitForAsync();
        await window.AssertAccessibleAsync();
        await window.Button("Start this campaign…").ClickAsync();
        await window.AnswerAsync("Start");

        // One goes through at once; the other waits for an approval.
        await window.Text("50 % done").WaitForAsync();
        await window.Page.GetByRole(AriaRole.Heading, new() { Name = "Waits for a person" }).WaitForAsync();
        var path = new Uri(window.Page.Url).AbsolutePath;
        Assert.StartsWith("/campaigns/campaign-", path, StringComparison.Ordinal);
        await window.Button("Pause…").ClickAsync();
        await window.AnswerAsync("Pause", ("Reason", "a look at the first"));
        await window.Button("Resume…").ClickAsync();
        await window.AnswerAsync("Resume", ("Reason", "it looks well"));
        await window.Button("Pause…").WaitForAsync();

        await world.ApproveAsync("own-fleet-asked-1");
        await window.Text("100 % done").WaitForAsync();
        window.AssertClean();
        await using var viewer = await world.OpenAsync("viewer");
        await viewer.GoAsync("/campaigns");
        await viewer.Text("This needs the role operator or admin.").WaitForAsync();
        await viewer.Link(path[path.LastIndexOf("campaign-", StringComparison.Ordinal)..]).ClickAsync();
        await viewer.Text("the build machines were opened").First.WaitForAsync();
        viewer.AssertClean();
    }

    [Fact]
    public async Task Failures_lead_to_their_rotation_and_members_are_shown_by_phase()
    {
        await using var window = await world.OpenAsync("viewer");
        await window.GoAsync($"/campaigns/{PageWorld.Campaign}");
        await window.Text("You can read this, and not act here.").WaitForAsync();
        var failures = window.Page.GetByRole(AriaRole.Region, new() { Name = "Failures to look at" });
        await failures.GetByRole(AriaRole.Link, new() { Name = "fleet-broken-1" }).ClickAsync();
        await window.Page.GetByRole(AriaRole.Heading, new() { Name = "fleet-broken-1", Exact = true }).WaitForAsync();
        await window.GoAsync($"/campaigns/{PageWorld.Campaign}");
        await window.Page.GetByLabel("Show").SelectOptionAsync("done");
        var members = window.Page.GetByRole(AriaRole.Region, new() { Name = "Members" });
        await Assertions.Expect(members.Locator("tbody tr")).ToHaveCountAsync(1);
        Assert.EndsWith("?phase=done", window.Page.Url, StringComparison.Ordinal);
        window.AssertClean();
    }
}
