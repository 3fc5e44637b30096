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
        await AssertWeighedAsync(paula, id);
        await paula.Button("Reject").ClickAsync();
        await paula.Text("Say why in a few words").WaitForAsync();
        await paula.Page.GetByLabel("Comment").FillAsync("as we agreed by phone");
        await paula.Button("Approve").ClickAsync();
        await paula.Page.GetByRole(AriaRole.Heading, new() { Name = "Approved" }).WaitForAsync();
        await paula.Text($"You have approved {id} as paula. It goes on by itself now.").WaitForAsync();
        await paula.AssertAccessibleAsync();
        Assert.DoesNotContain("rotunda show", await paula.Page.InnerTextAsync("main"), StringComparison.Ordinal);
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
    public async Task A_yes_needs_no_words_and_what_is_decided_has_no_end_to_answer_by()
    {
        var id = await world.StartAsync("own-wordless", "waiting-for-approval");
        await using var window = await world.OpenAsync("approver", "light", 360);
        await window.GoAsync($"/approve/{id}");
        await window.Page.GetByText("Answer by").WaitForAsync();
        await window.Button("Approve").ClickAsync();
        await window.Page.UntilAtAsync($"/rotations/{id}");
        await world.UntilAsync(id, "succeeded");

        // It waits for the end of its grace period, and nobody has to answer by then.
        await window.GoAsync("/approve/webhook-signing-2");
        await window.Text("does not ask for approval now").WaitForAsync();
        Assert.Equal(0, await window.Page.GetByText("Answer by").CountAsync());
        Assert.Contains((await world.RotationAsync(id))["timeline"]!.AsArray(), row =>
            (string?)row!["actor"] == "alice" && ((string?)row["detail"])?.Contains("without a comment", StringComparison.Ordinal) == true);
        window.AssertClean();
    }

    [Theory]
    [InlineData("/decide/own-by-link-1", "This link is not whole")]
    [InlineData("/decide/own-by-link-1#0123", "This link is over")]
    [InlineData("/provide/own-by-link-1#0123", "This link lets nothing in")]
    public async Task A_link_that_is_of_no_use_says_what_to_do_in_the_page_s_own_words(string path, string title)
    {
        await using var stranger = await world.OpenStrangerAsync("dark", 360);
        stranger.Expected = text => text.Contains("404", StringComparison.Ordinal);
        await stranger.Page.GotoAsync(path);

        await stranger.Page.GetByRole(AriaRole.Heading, new() { Name = title }).WaitForAsync();
        await stranger.Page.GetByRole(AriaRole.Link).First.WaitForAsync();
        Assert.DoesNotContain("rotunda ", await stranger.Page.InnerTextAsync("main"), StringComparison.Ordinal);
        await stranger.AssertAccessibleAsync();
        stranger.AssertClean();
    }

    [Fact]
    public async Task A_link_is_not_called_over_while_the_server_is_away()
    {
        await using var stranger = await world.OpenStrangerAsync();
        stranger.Expected = text => text.Contains("Failed to load", StringComparison.Ordinal);
        await stranger.Page.RouteAsync("**/api/decisions/look", route => route.AbortAsync());
        await stranger.Page.GotoAsync("/decide/own-by-link-1#0123");

        await stranger.Text("The link is still good.").WaitForAsync();
        await stranger.Page.UnrouteAllAsync();
        await stranger.Button("Try again").ClickAsync();
        await stranger.Page.GetByRole(AriaRole.Heading, new() { Name = "This link is over" }).WaitForAsync();
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

    /// <summary>Whoever has only the link is told what those who are signed in are told.</summary>
    private static async Task AssertWeighedAsync(Window window, string id)
    {
        var words = await window.Page.InnerTextAsync("main");
        foreach (var told in (ReadOnlySpan<string>)
        [
            "Rotate own-by-link?", "For one test", id, "olga", "Consumers check with both keys", "Nothing to compare with",
            "1 target: own-by-link-env", "Owner: tests", "If a step fails, all that was done is undone.", "frozen; this is what runs",
        ])
        {
            Assert.Contains(told, words, StringComparison.Ordinal);
        }
    }

    private static ILocator Approvals(Window window, string given) => window.Page.Locator(".approvals").GetByText(given);

    private static async Task ApproveAsync(Window window, string id, string given, string comment)
    {
        await window.GoAsync($"/approve/{id}");
        await Approvals(window, given).WaitForAsync();
        await window.Page.GetByLabel("Comment").FillAsync(comment);
        await window.Button("Approve").ClickAsync();
        await window.Page.UntilAtAsync($"/rotations/{id}");
        await window.ReadyAsync();
    }
}
