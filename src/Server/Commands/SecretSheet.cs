using Rotunda.Api.Views;
using Rotunda.Rotation.Words;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>All about one secret, for people.</summary>
internal static class SecretSheet
{
    private const int RotationsShown = 5;

    public static void Show(IAnsiConsole console, SecretView view)
    {
        var s = view.Summary;
        console.MarkupLineInterpolated($"[bold]{s.Name}[/]  {StatusTable.Heading(s.Group)}");
        console.Write(new Text((s.Open is null ? "" : $"{s.Open.Id}, ") + s.Message + "\n"));
        Ways.Show(console, s.Open?.Problem, s.NextAction, "");
        console.WriteLine();
        var grid = new Grid().AddColumns(2);
        Row(grid, "description", s.Description);
        Row(grid, "owner", s.Owner);
        Row(grid, "tags", s.Tags.Count == 0 ? null : string.Join(", ", s.Tags));
        Row(grid, "rotates", $"{s.Strategy.ToString().ToLowerInvariant()} at {s.Provider}, store {view.Store}");
        Row(grid, "every", view.Interval is { } interval ? DurationText.Format(interval) : "on request only");
        Row(grid, "grace", DurationText.Format(view.Grace));
        Row(grid, "targets", view.Targets.Count == 0 ? "none" : string.Join(", ", view.Targets));
        Row(grid, "consumers", view.Consumers.Count == 0 ? "none" : string.Join(", ", view.Consumers));
        console.Write(grid);
        console.WriteLine();
        CredentialsTable.Show(console, view.Credentials);
        if (view.Rotations.Count > 0)
        {
            RotationsTable.Show(console, [.. view.Rotations.Take(RotationsShown)], withSecret: false);
            console.MarkupLineInterpolated($"More: rotunda history {s.Name}");
        }
    }

    private static void Row(Grid grid, string label, string? text)
    {
        if (text is not null)
        {
            grid.AddRow(new Text(label, new Style(Color.Grey)), new Text(text));
        }
    }
}
