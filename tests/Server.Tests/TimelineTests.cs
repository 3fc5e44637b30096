using Rotunda.Api.Views;
using Rotunda.Rotation.Words;
using Rotunda.Server.Commands;
using Rotunda.Testing.Simulation;
using Spectre.Console;

namespace Rotunda.Server.Tests;

/// <summary>The timeline of a rotation as a whole: what one row alone does not tell.</summary>
public sealed class TimelineTests
{
    private const string Attempt = """{"kind":"Apply","title":"Set it","attempt":1}""";
    private const string OfUndo = """{"kind":"RevokeNew","title":"Lock it again","undo":"undo-apply","attempt":1}""";
    private const string Second = """{"kind":"Apply","title":"Set it","attempt":2}""";

    [Fact]
    public void An_attempt_whose_server_died_is_told_once_and_only_where_it_did()
    {
        var lines = Shown(
            after: 0,
            ("step.intent", Attempt), ("step.intent", Attempt), ("step.retry-later", Attempt),
            ("step.intent", Second), ("step.done", Second),
            ("step.intent", OfUndo), ("step.done", OfUndo));

        Assert.Equal(
            ["… Set it  begun again: the server ended in the middle of it", "… Set it  will be tried again", "✓ Set it", "✓ Lock it again"],
            lines.Select(Text));
    }

    [Fact]
    public void Who_follows_is_told_although_the_first_beginning_was_shown_before() =>
        Assert.Contains("begun again", Assert.Single(Shown(after: 1, ("step.intent", Attempt), ("step.intent", Attempt))));

    /// <summary>The gate looks every few minutes for days.</summary>
    [Fact]
    public void Looks_that_tell_the_same_are_one_line()
    {
        (string, string)[] looks =
        [
            ("step.intent", Attempt), Look("unused for 30s, of 10m."), ("step.intent", Second), Look("unused for 1m30s, of 10m."),
            ("step.intent", Second), Look("unused for 9m, of 10m."),
        ];
        Assert.Equal("… Set it  will be tried again; unused for 9m, of 10m.; 3 times since 00:00:00", Text(Assert.Single(Shown(0, looks))));

        // Who follows has seen the first of them.
        Assert.Empty(Shown(2, looks));
        Assert.Equal(
            ["… Set it  will be tried again; in use by a; 2 times since 00:00:00", "… Set it  will be tried again; in use by b"],
            Shown(4, [.. looks[..4], Look("in use by a"), Look("in use by a"), Look("in use by b")]).Select(Text));
    }

    [Fact]
    public void A_problem_that_stands_above_is_not_told_again()
    {
        Assert.Equal(
            ["… Set it  will be tried again; in use by a", "… Set it  will be tried again"],
            Shown("in use by b", 0, Look("in use by a"), Look("in use by b")).Select(Text));
    }

    private static (string Action, string Detail) Look(string reason) =>
        ("step.retry-later", $$"""{"kind":"Evidence","title":"Set it","attempt":2,"reason":"{{reason}}"}""");

    private static string Text(string line) => line[(line.IndexOf("  ", StringComparison.Ordinal) + 2)..];

    private static string[] Shown(long after, params (string Action, string Detail)[] rows) => Shown(null, after, rows);

    private static string[] Shown(string? told, long after, params (string Action, string Detail)[] rows)
    {
        var plan = SamplePlans.Make(new());
        var timeline = rows.Select(
            (row, index) => new TimelineEntry(index + 1, DateTimeOffset.UnixEpoch, "rotunda", row.Action, "apply", row.Detail)).ToList();
        var summary = new RotationSummary(
            plan.RotationId, plan.Secret, 1, RotationState.Running, RotationTrigger.Manual, "why", "anna", null, default, null, null, null);
        using var text = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text),
            });
        console.Profile.Width = 200;
        Timeline.Show(console, new RotationView(summary, null, null, timeline, [], plan), after, told);
        return text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
