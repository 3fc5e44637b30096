using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>Which runs are to come, and why some are put off.</summary>
internal static class NextCommand
{
    public static Command Create(Terminal terminal)
    {
        var secret =
            new Argument<string?>("SECRET") { Description = "The secret's name. Left out: all secrets.", Arity = ArgumentArity.ZeroOrOne };
        var count = new Option<int?>("--count") { Description = "How many runs, 1 to 1000. Default: 5 of one secret, 20 of all." };
        var command =
            new Command("next", "Show the scheduled runs that are to come, and why one starts later than it is due.") { secret, count };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var name = parsed.GetValue(secret);
            var path = $"api/next?count={parsed.GetValue(count) ?? (name is null ? 20 : 5)}"
                + (name is null ? "" : $"&secret={Uri.EscapeDataString(name)}");
            var runs = await client.GetAsync(path, ApiJson.Default.NextRuns, cancellationToken);
            if (parsed.GetValue(CommonOptions.Json))
            {
                await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(runs, ApiJson.Default.NextRuns));
            }
            else
            {
                Show(terminal.Pretty, runs, name);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Show(IAnsiConsole console, NextRuns runs, string? name)
    {
        if (runs.Runs.Count == 0)
        {
            console.WriteLine(name is null
                ? "No secret has a schedule. Give one an interval, cron or a risk in the catalog."
                : $"{name} rotates on request only: rotunda rotate {name}");
            return;
        }

        var table = new Table().Border(TableBorder.Minimal).AddColumns("Secret", "Due (UTC)", "Starts (UTC)", "Why then");
        table.Columns[0].NoWrap();
        table.Columns[1].NoWrap();
        table.Columns[2].NoWrap();
        foreach (var run in runs.Runs)
        {
            table.AddRow(
                new Text(run.Secret),
                new Text(Show(run.DueAt)),
                new Text(run.StartsAt is { } starts ? Show(starts) : "not known"),
                new Text(run.Why.Count > 0 ? string.Join("; ", run.Why) : run.StartsAt > run.DueAt ? "overdue" : "as due"));
        }

        console.Write(table);
    }

    private static string Show(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM-dd HH:mm}";
}
