using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Rotation.Words;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>Rotations, a row each, newest first.</summary>
internal static class RotationsTable
{
    public static void Show(IAnsiConsole console, IReadOnlyList<RotationSummary> rotations, bool withSecret)
    {
        var table = new Table().Border(TableBorder.Minimal).AddColumns("Rotation", "State", "Started", "Ended", "Why, and how it ended");
        table.Columns[0].NoWrap();
        foreach (var rotation in rotations)
        {
            table.AddRow(
                new Text(rotation.Id),
                new Text(Words.Of(rotation.State)),
                new Text($"{rotation.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm}"),
                new Text(rotation.EndedAt is { } at ? $"{at.UtcDateTime:yyyy-MM-dd HH:mm}" : "-"),
                new Text(Why(rotation)));
        }

        console.Write(table);
        if (withSecret)
        {
            console.MarkupLine("One of them: rotunda show ID");
        }
    }

    private static string Why(RotationSummary rotation)
    {
        var incident = rotation.Incident is null ? "" : $" ({rotation.Incident})";
        var asked = $"{rotation.Trigger.ToString().ToLowerInvariant()}{incident}, by {rotation.RequestedBy}: {rotation.Reason}";
        var end = rotation.State is not RotationState.Succeeded && rotation.State.IsFinal() && rotation.Detail is { } detail ? $"\n{detail}" : "";
        return asked + end + (rotation.State.IsFinal() && rotation.Until is { } until ? $"\ndue again at {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "");
    }
}
