using Rotunda.Api.Views;
using Rotunda.Rotation.Scheduling;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>The status for people: a table for each group, worst first, and below a secret what keeps it and what to type next.</summary>
internal static class StatusTable
{
    public static void Show(IAnsiConsole console, SecretList list)
    {
        if (list.Secrets.Count == 0)
        {
            console.MarkupLine("The catalog has no secrets. Add one, and check it with: rotunda catalog validate FILE");
        }

        if (list.Clock is { } doubt)
        {
            console.MarkupLineInterpolated($"[bold red]The clock is not believed, and nothing is revoked meanwhile[/]: {doubt}");
            console.MarkupLine("→ Set it right; or, if it is: rotunda clock confirm --reason WHY");
        }

        if (list.Catalog is { } problem)
        {
            console.MarkupLineInterpolated($"[bold red]The catalog cannot be used; the last good one stays in force[/]: {problem}");
            console.MarkupLine("→ Mend it; what is wrong with it: rotunda catalog validate FILE");
        }

        foreach (var group in list.Secrets.GroupBy(s => s.Group))
        {
            console.MarkupLine($"[bold {Colour(group.Key)}]{Heading(group.Key)} ({group.Count()})[/]");
            var table = new Table().Border(TableBorder.Minimal).AddColumns("Secret", "Last rotation", "Where it stands");
            table.Columns[0].NoWrap();
            foreach (var secret in group)
            {
                table.AddRow(
                    new Text(secret.Name),
                    new Text(secret.LastRotatedAt is { } at ? $"{at.UtcDateTime:yyyy-MM-dd HH:mm}" : "never"),
                    new Text(Standing(secret)));
            }

            console.Write(table);
        }
    }

    /// <summary>Where it stands, what keeps it, and the commands, a line each.</summary>
    private static string Standing(SecretSummary secret)
    {
        var lines = new List<string>
        {
            secret.Open is { } open && !secret.Message.StartsWith(open.Id, StringComparison.Ordinal)
                ? $"{open.Id}, {secret.Message}"
                : secret.Message,
        };
        if (secret.Open?.Problem is { } problem)
        {
            lines.Add($"problem: {problem}");
        }

        if (secret.Orphans > 0)
        {
            lines.Add(secret.Orphans == 1 ? "1 orphan to settle" : $"{secret.Orphans} orphans to settle");
        }

        // A rotation that moves needs nobody; where it stands still, each way out is a line of its own.
        if (secret.Group is not (ScheduleGroup.Running or ScheduleGroup.UpToDate or ScheduleGroup.DueSoon))
        {
            lines.AddRange((secret.NextAction?.Split(" | ") ?? []).Select(command => $"→ {command}"));
        }

        return string.Join('\n', lines);
    }

    public static string Heading(ScheduleGroup group) => group switch
    {
        ScheduleGroup.WaitingForApproval => "Waiting for approval",
        ScheduleGroup.NeedsValue => "Needs a value",
        ScheduleGroup.NeedsReview => "Needs a review",
        ScheduleGroup.NotAdopted => "Not adopted",
        ScheduleGroup.NotReady => "Not ready to rotate",
        ScheduleGroup.DueSoon => "Due soon",
        ScheduleGroup.UpToDate => "Up to date",
        ScheduleGroup.NotDelivered => "Not delivered",
        ScheduleGroup.NotInCatalog => "No longer in the catalog",
        _ => group.ToString(),
    };

    public static string Colour(ScheduleGroup group) => group switch
    {
        ScheduleGroup.Overdue or ScheduleGroup.Stuck or ScheduleGroup.NotAdopted or ScheduleGroup.NotReady or ScheduleGroup.Drifted
            or ScheduleGroup.NotDelivered => "red",
        ScheduleGroup.WaitingForApproval or ScheduleGroup.NeedsValue or ScheduleGroup.NeedsReview or ScheduleGroup.DueSoon
            or ScheduleGroup.NotInCatalog => "yellow",
        ScheduleGroup.Running => "blue",
        _ => "green",
    };
}
