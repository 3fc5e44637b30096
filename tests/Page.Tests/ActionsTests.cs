using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Rotunda.Page.Tests;

/// <summary>Every action, by hand on the page, and what the audit says of it afterwards.</summary>
[Collection(WorldCollection.Name)]
public sealed class ActionsTests(PageWorld world)
{
    [Fact]
    public async Task An_approver_approves_with_a_comment()
    {
        var id = await world.StartAsync("own-approve", "waiting-for-approval");
        await using var window = await world.OpenAsync("approver", "light", 360);
        await window.GoAsync($"/approve/{id}");
        await window.Button("Reject").ClickAsync();
        await window.Text("Say why in a few words").WaitForAsync();
        await window.Page.GetByLabel("Comment").FillAsync("I have seen the plan");
        await window.Button("Approve").ClickAsync();

        await world.UntilAsync(id, "succeeded");
        await AssertOnRecordAsync(id, "control.approve", "alice", "I have seen the plan");
        window.AssertClean();
    }

    [Fact]
    public async Task An_approver_rejects_with_a_comment()
    {
        var id = await world.StartAsync("own-reject", "waiting-for-approval");
        await using var window = await world.OpenAsync("approver");
        await window.GoAsync($"/approve/{id}");
        await window.Page.GetByLabel("Comment").FillAsync("not before the release");
        await window.Button("Reject").ClickAsync();

        await world.UntilAsync(id, "rejected");
        await AssertOnRecordAsync(id, "control.reject", "alice", "not before the release");
        window.AssertClean();
    }

    [Theory]
    [InlineData("own-cancel", "waiting-for-approval", "operator", "Cancel", "control.cancel", "cancelled")]
    [InlineData("own-rollback", "grace", "operator", "Roll back", "control.rollback", "rolled-back")]
    [InlineData("own-skip", "grace", "approver", "Skip the wait", "control.skip-grace", "succeeded")]
    [InlineData("own-resume", "stuck", "operator", "Resume", "control.resume", "stuck")]
    public async Task A_verb_asks_for_its_reason_and_leads_where_it_says(
        string secret,
        string state,
        string role,
        string button,
        string action,
        string end)
    {
        if (state != "waiting-for-approval")
        {
            await world.StartAsync(secret, "succeeded");
        }

        var id = await world.StartAsync(secret, state);
        await using var window = await world.OpenAsync(role);
        await window.GoAsync($"/rotations/{id}");
        await window.Button(button).ClickAsync();
        var dialog = window.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        await window.Text("Reason is missing.").WaitForAsync();
        await window.AnswerAsync(button, ("Reason", "because of a test"));

        await world.UntilAsync(id, end);
        await AssertOnRecordAsync(id, action, PageWorld.PersonOf(role), "because of a test");
        window.AssertClean();
    }

    [Fact]
    public async Task A_grace_period_is_extended_by_what_was_typed()
    {
        await world.StartAsync("own-extend", "succeeded");
        var id = await world.StartAsync("own-extend", "grace");
        var before = Until(await world.RotationAsync(id));
        await using var window = await world.OpenAsync("operator");
        await window.GoAsync($"/rotations/{id}");
        await window.Button("Extend the grace period").ClickAsync();
        await window.AnswerAsync("Extend the grace period", ("By how long", "1d12h"), ("Reason", "the app needs longer"));

        await window.Text("3 d 11 h left").First.WaitForAsync();
        Assert.Equal(TimeSpan.FromHours(36), Until(await world.RotationAsync(id)) - before);
        window.AssertClean();
    }

    [Fact]
    public async Task A_refusal_is_told_in_the_dialog_and_what_was_typed_stays()
    {
        await using var window = await world.OpenAsync("operator");
        window.Expected = text => text.Contains("400", StringComparison.Ordinal);
        await window.GoAsync("/rotations/webhook-signing-2");
        await window.Button("Extend the grace period").ClickAsync();
        var dialog = window.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("By how long").FillAsync("a while");
        await dialog.GetByLabel("Reason").FillAsync("my reason");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Extend the grace period" }).ClickAsync();

        await window.Text("has to be a duration").WaitForAsync();
        Assert.Equal("my reason", await dialog.GetByLabel("Reason").InputValueAsync());
        window.AssertClean();
    }

    [Fact]
    public async Task A_secret_is_rotated_looked_at_and_delivered_again()
    {
        await using var window = await world.OpenAsync("operator");
        await window.GoAsync("/secrets/own-rotate");
        await window.Text("The plan that it would have now").ClickAsync();
        await window.Text("Make a new value and store it as pending").WaitForAsync();
        await window.Button("Rotate").ClickAsync();
        await window.AnswerAsync("Rotate", ("Reason", "from the page"));
        await window.Page.UntilAtAsync("/rotations/own-rotate-1");
        await world.UntilAsync("own-rotate-1", "succeeded");
        await window.GoAsync("/secrets/own-rotate");
        await window.Button("Look at targets").ClickAsync();
        await window.Page.Locator("td .mark").GetByText("Yes", new() { Exact = true }).WaitForAsync();
        await window.Button("Deliver again").ClickAsync();
        await window.AnswerAsync("Deliver", ("Reason", "to be sure"));
        await window.Page.UntilAtAsync("/rotations/own-rotate-2");

        await world.UntilAsync("own-rotate-2", "succeeded");
        window.AssertClean();
    }

    [Fact]
    public async Task Whose_session_ended_meanwhile_is_told_so_and_keeps_what_they_typed()
    {
        await using var window = await world.OpenAsync("operator", "dark", 360);
        window.Expected = text => text.Contains("401", StringComparison.Ordinal);
        await window.Page.RouteAsync("**/api/rotations", route => route.FulfillAsync(new()
        {
            Status = 401, ContentType = "application/problem+json", Body = """{"code":"no-token","detail":"Send a token."}""",
        }));
        await window.GoAsync("/secrets/image-urls");
        await window.Button("Rotate").ClickAsync();
        var dialog = window.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Reason").FillAsync("my reason");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Rotate", Exact = true }).ClickAsync();

        await window.Text("Your session has ended.").WaitForAsync();
        Assert.Equal("my reason", await dialog.GetByLabel("Reason").InputValueAsync());
        Assert.Equal(0, await window.Text("Send a token").CountAsync());
        window.AssertClean();
    }

    [Fact]
    public async Task An_emergency_is_started_for_chosen_secrets_and_listed_under_its_incident()
    {
        await using var window = await world.OpenAsync("operator", "light", 360);
        await window.GoAsync("/incidents?secret=own-leaked");
        await window.Page.GetByLabel("Secrets").First.WaitForAsync();
        await window.Page.Locator("#pick").FillAsync("own-leaked-too");
        await window.Button("Choose own-leaked-too").ClickAsync();
        await window.Button("Start the emergency…").ClickAsync();
        await window.Text("reference is missing").WaitForAsync();
        await window.Page.GetByLabel("Incident reference").FillAsync("INC-42");
        await window.Page.GetByLabel("Reason").FillAsync("it was in a public log");
        await window.Button("Start the emergency…").ClickAsync();
        await window.AnswerAsync("Start");

        await window.Page.GetByRole(AriaRole.Heading, new() { Name = "INC-42" }).WaitForAsync();
        foreach (var id in new[] { "own-leaked-1", "own-leaked-too-1" })
        {
            await world.UntilAsync(id, "succeeded");
            Assert.Equal("INC-42", (string?)(await world.RotationAsync(id))["rotation"]!["incident"]);
        }

        window.AssertClean();
    }

    private static DateTimeOffset Until(JsonNode view) => (DateTimeOffset)view["rotation"]!["until"]!;

    private async Task AssertOnRecordAsync(string id, string action, string person, string reason)
    {
        var row = Assert.Single(
            (await world.RotationAsync(id))["timeline"]!.AsArray(),
            entry => (string?)entry!["action"] == action && ((string?)entry["detail"])!.Contains(reason, StringComparison.Ordinal));
        Assert.Equal(person, (string?)row!["actor"]);
    }
}
