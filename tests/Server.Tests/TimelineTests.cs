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
            lines.Select(line => line[(line.IndexOf("  ", StringComparison.Ordinal) + 2)..]));
    }

    [Fact]
    public void Who_follows_is_told_although_the_first_beginning_was_shown_before() =>
        Assert.Contains("begun again", Assert.Single(Shown(after: 1, ("step.intent", Attempt), ("step.intent", Attempt))));

    private static string[] Shown(long after, params (string Action, string Detail)[] rows)
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
        Timeline.Show(console, new RotationView(summary, null, null, timeline, [], plan), after);
        return text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
