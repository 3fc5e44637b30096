using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Rotunda.Page.Tests;

/// <summary>What more than one person, or somebody without an account, decides: on the page.</summary>
[Collection(WorldCollection.Name)]
public sealed class DecisionsTests(PageWorld world)
{
    [Fact]
    public async Task Two_people_approve_and_the_page_tells_who_has()
    {
        var id = await world.StartAsync("own-two", "waiting-for-approval");
        await using var first = await world.OpenAsync("approver");
        await ApproveAsync(first, id, "0 of 2", "the first of two");
        await first.GoAsync($"/approve/{id}");
        await Approvals(first, "1 of 2").WaitForAsync();
        await first.Button("Take my approval back").ClickAsync();
        await first.AnswerAsync("Take my approval back", ("Reason", "I want to look again"));
        await Approvals(first, "0 of 2").WaitForAsync();
        await ApproveAsync(first, id, "0 of 2", "now I am sure");

        await using var second = await world.OpenAsync("admin", "dark", 360);
        await second.GoAsync($"/approve/{id}");
        await second.Text("now I am sure").WaitForAsync();
        await second.AssertAccessibleAsync();
        Assert.Equal("waiting-for-approval", (string?)(await world.RotationAsync(id))["rotation"]!["state"]);
        await ApproveAsync(second, id, "1 of 2", "the second of two");
        await world.UntilAsync(id, "succeeded");

        foreach (var (person, reason) in new[] { ("alice", "now I am sure"), ("ada", "the second of two") })
        {
            Assert.Contains((await world.RotationAsync(id))["timeline"]!.AsArray(), row =>
                (string?)row!["actor"] == person && ((string?)row["detail"])?.Contains(reason, StringComparison.Ordinal) == true);
        }

        first.AssertClean();
        second.AssertClean();
    }

    [Fact]
    public async Task A_link_lets_one_person_decide_once_without_an_account()
    {
        var id = await world.StartAsync("own-by-link", "waiting-for-approval");
        using var admin = world.Client("admin");
        using var made = await admin.PostAsJsonAsync($"/api/rotations/{id}/decide-link", new { person = "paula" });
        var path = (string)JsonNode.Parse(await made.Content.ReadAsStringAsync())!["path"]!;
        var code = path.Split('#')[1];

        await using var reader = await world.OpenStrangerAsync();
        await reader.Page.GotoAsync(path);
        await reader.Text("You decide as paula.").WaitForAsync();
        await reader.AssertAccessibleAsync();
        await using var paula = await world.OpenStrangerAsync("dark", 360);
        await paula.Page.GotoAsync(path);
        await paula.Text("0 of 1").WaitForAsync();
        await paula.AssertAccessibleAsync();
        await paula.Button("Approve").ClickAsync();
        await paula.Text("Say why in a few words").WaitForAsync();
        await paula.Page.GetByLabel("Comment").FillAsync("as we agreed by phone");
        await paula.Button("Approve").ClickAsync();
        await paula.Page.GetByRole(AriaRole.Heading, new() { Name = "Approved" }).WaitForAsync();
        await world.UntilAsync(id, "succeeded");

        reader.Expected = text => text.Contains("404", StringComparison.Ordinal) || text.Contains("409", StringComparison.Ordinal);
        await reader.Page.ReloadAsync();
        await reader.Page.GetByRole(AriaRole.Heading, new() { Name = "This link is over" })
            .Or(reader.Text("does not ask any more")).First.WaitForAsync();
        Assert.DoesNotContain(code, paula.Page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain(code, await paula.EverythingAsync(), StringComparison.Ordinal);
        Assert.Contains((await world.RotationAsync(id))["timeline"]!.AsArray(), row =>
            (string?)row!["actor"] == "link [paula]" && ((string?)row["detail"])?.Contains("by phone", StringComparison.Ordinal) == true);
        paula.AssertClean();
        reader.AssertClean();
    }

    [Fact]
    public async Task Two_others_look_at_an_emergency_that_went_without_approval()
    {
        using var olga = world.Client("operator");
        using var started = await olga.PostAsJsonAsync(
            "/api/rotations", new { secret = "own-reviewed", reason = "it was in a log", trigger = "emergency", incident = "INC-7" });
        started.EnsureSuccessStatusCode();
        await world.UntilAsync("own-reviewed-1", "succeeded");
        await using var own = await world.OpenAsync("operator");
        await own.GoAsync("/rotations/own-reviewed-1");
        await own.Text("You started it yourself").WaitForAsync();

        await using var first = await world.OpenAsync("approver", "dark", 360);
        await first.GoAsync("/incidents");
        await first.Page.Locator("[data-key=review-own-reviewed-1]").ClickAsync();
        await first.AnswerAsync("Put on record", ("What you found", "it had to be"));
        await first.Text("Another person has to look at it too").WaitForAsync();
        await first.AssertAccessibleAsync();
        await using var second = await world.OpenAsync("admin");
        await second.GoAsync("/rotations/own-reviewed-1");
        await second.Text("1 of 2").WaitForAsync();
        await second.AssertAccessibleAsync();
        await second.Page.Locator("[data-key=review-own-reviewed-1]").ClickAsync();
        await second.AnswerAsync("Put on record", ("What you found", "the log is private now"));
        await second.Page.Locator(".review").GetByText("Closed").WaitForAsync();

        Assert.DoesNotContain("own-reviewed-1", await olga.GetStringAsync("/api/reviews"), StringComparison.Ordinal);
        own.AssertClean();
        first.AssertClean();
        second.AssertClean();
    }

    private static ILocator Approvals(Window window, string given) => window.Page.Locator(".approvals").GetByText(given);

    private static async Task ApproveAsync(Window window, string id, string given, string comment)
    {
        await window.GoAsync($"/approve/{id}");
        await Approvals(window, given).WaitForAsync();
        await window.Page.GetByLabel("Comment").FillAsync(comment);
        await window.Button("Approve").ClickAsync();
        await window.Page.WaitForURLAsync($"**/rotations/{id}");
        await window.ReadyAsync();
    }
}
