using Rotunda.Api.Views;
using Rotunda.Server.Commands;

namespace Rotunda.Server.Tests;

/// <summary>What a person reads of a rotation: words, and each thing once.</summary>
public sealed class TimelineLineTests
{
    private static readonly Dictionary<string, string> Titles = new() { ["deliver-e"] = "Deliver the new value to e" };

    [Fact]
    public void A_step_that_is_done_shows_its_title_and_what_it_found()
    {
        var line = Of(
            "step.done",
            """
            {"title":"Check the target e","facts":{
              "file":"/srv/.env","settled":"#5 Withdrawn","unsettled":"nothing","instancesReloaded":"2","detail":"Logged in."}}
            """);
        Assert.Equal(("✓", "Check the target e", "file: /srv/.env; instances reloaded: 2; Logged in."), (line!.Mark, line.Text, line.More));
    }

    [Fact]
    public void A_refused_step_shows_its_whole_reason()
    {
        var reason = new string('x', 300);
        Assert.Equal(reason, Of("step.rejected", $$"""{"title":"t","reason":"{{reason}}"}""")!.More);
    }

    [Fact]
    public void The_plans_title_stands_in_where_the_row_has_none() =>
        Assert.Equal("Deliver the new value to e", Of("step.retry-later", null, "deliver-e")!.Text);

    [Fact]
    public void A_person_who_acted_is_named() =>
        Assert.Equal(
            "looks good; by alice",
            Of("approval.given", """{"state":"waiting-for-approval","sequence":3,"detail":"looks good"}""", actor: "alice")!.More);

    [Theory]
    [InlineData("step.intent")]
    [InlineData("credential.minting")]
    [InlineData("credential.promoted")]
    [InlineData("undo.done")]
    [InlineData("control.approve")]
    public void What_another_row_tells_too_is_not_shown(string action) => Assert.Null(Of(action, "{}"));

    [Theory]
    [InlineData("of-a-newer.release", "not {json")]
    [InlineData("of-a-newer.release", "{\"detail\":{}}")]
    [InlineData("step.of-a-newer-release", "{broken")]
    [InlineData("step.done", "[1]")]
    public void What_it_does_not_know_is_shown_all_the_same(string action, string detail) => Assert.NotNull(Of(action, detail));

    private static TimelineLine? Of(string action, string? detail, string? step = null, string actor = "rotunda") =>
        TimelineLine.Of(new TimelineEntry(1, DateTimeOffset.UnixEpoch, actor, action, step, detail), Titles);
}
