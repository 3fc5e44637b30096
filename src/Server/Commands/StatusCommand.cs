using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;
using Rotunda.Rotation.Scheduling;
using Spectre.Console;

namespace Rotunda.Server.Commands;

internal static class StatusCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command(
            "status",
            "Show all secrets, worst first. Exit code 1 if any is overdue, stuck, not adopted, not ready or drifted.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var list = await client.GetAsync("api/secrets", ApiJson.Default.SecretList, cancellationToken);
            if (parsed.GetValue(CommonOptions.Json))
            {
                await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(list, ApiJson.Default.SecretList));
            }
            else
            {
                Show(terminal.Pretty, list);
            }

            return list.Secrets.Any(s => s.Group is ScheduleGroup.Overdue or ScheduleGroup.Stuck or ScheduleGroup.NotAdopted
                or ScheduleGroup.NotReady or ScheduleGroup.Drifted)
                ? ExitCodes.BadNews
                : ExitCodes.Ok;
        });
        return command;
    }

    private static void Show(IAnsiConsole console, SecretList list)
    {
        if (list.Secrets.Count == 0)
        {
            console.MarkupLine("The catalog has no secrets.");
        }

        foreach (var group in list.Secrets.GroupBy(s => s.Group))
        {
            console.MarkupLine($"[bold {Colour(group.Key)}]{Heading(group.Key)} ({group.Count()})[/]");
            var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "", "", "", "");
            foreach (var s in group)
            {
                table.AddRow(
                    new Text($"  {s.Name}"),
                    new Text(s.ActiveRotationId ?? ""),
                    new Text(s.LastRotatedAt is { } at ? $"rotated {at.UtcDateTime:yyyy-MM-dd HH:mm}" : "never rotated"),
                    new Text(s.Message),
                    new Text(s.Orphans > 0 ? $"{s.Orphans} orphans to settle" : ""));
            }

            console.Write(table);
        }
    }

    private static string Heading(ScheduleGroup group) => group switch
    {
        ScheduleGroup.WaitingForApproval => "Waiting for approval",
        ScheduleGroup.NotAdopted => "Not adopted",
        ScheduleGroup.NotReady => "Not ready to rotate",
        ScheduleGroup.DueSoon => "Due soon",
        ScheduleGroup.UpToDate => "Up to date",
        _ => group.ToString(),
    };

    private static string Colour(ScheduleGroup group) => group switch
    {
        ScheduleGroup.Overdue or ScheduleGroup.Stuck or ScheduleGroup.NotAdopted or ScheduleGroup.NotReady or ScheduleGroup.Drifted =>
            "red",
        ScheduleGroup.WaitingForApproval or ScheduleGroup.DueSoon => "yellow",
        ScheduleGroup.Running => "blue",
        _ => "green",
    };
}
