using Rotunda.Api.Views;
using Rotunda.Rotation.Words;
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
    public void A_remark_is_cut_between_words_never_within_one()
    {
        var reason = string.Join(' ', Enumerable.Repeat("it cannot", 20));
        var more = Of("rotation.rolled-back", $$"""{"detail":"{{reason}}"}""")!.More;
        Assert.EndsWith(" …", more, StringComparison.Ordinal);
        Assert.All(more.Split(' '), word => Assert.Contains(word, (string[])["it", "cannot", "…"]));
    }

    [Fact]
    public void What_the_way_back_had_nothing_to_do_with_is_not_said_to_be_done()
    {
        var line = Of(
            "step.already-done", """{"title":"Lock a again","undo":"undo-apply","facts":{"detail":"never made at the provider"}}""");
        Assert.Equal(("·", "Lock a again", "nothing to do; never made at the provider"), (line!.Mark, line.Text, line.More));
        Assert.Equal("was done already", Of("step.already-done", """{"title":"Set it"}""")!.More);
    }

    [Theory]
    [InlineData(GivenUp.NeverMade, "·", "A new value was given up")]
    [InlineData(GivenUp.NotTaken + "of no use: it is refused", "·", "A new value was given up")]
    [InlineData(GivenUp.Withdrawn, "·", "A new value was given up")]
    [InlineData("revoked at the provider", "✓", "A credential was revoked")]
    public void What_no_system_ever_knew_is_not_said_to_be_revoked(string note, string mark, string text)
    {
        var line = Of("credential.revoked", $$"""{"credential":2,"fingerprint":"abc","note":"{{note}}"}""")!;
        Assert.Equal((mark, text, $"fingerprint abc; {note}"), (line.Mark, line.Text, line.More));
    }

    [Fact]
    public void A_time_among_the_facts_is_one_that_people_read() =>
        Assert.Equal(
            "unused since: 2026-11-28 07:45:03 UTC",
            Of("step.done", """{"title":"t","facts":{"unusedSince":"2026-11-28T07:45:03.4632733+00:00"}}""")!.More);

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
