using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;
using Rotunda.Rotation.Planning;
using Spectre.Console;

namespace Rotunda.Server.Commands;

internal static class PlanCommand
{
    public static Command Create(Terminal terminal)
    {
        var secret = new Argument<string>("SECRET") { Description = "The secret's name in the catalog." };
        var emergency = new Option<bool>("--emergency") { Description = "The plan of an emergency." };
        var revokeFirst = new Option<bool>("--revoke-first") { Description = "With --emergency: the old credential dies first." };
        var deliver = new Option<bool>("--deliver") { Description = "The plan of 'rotunda deliver'." };
        var command = new Command("plan", "Show what a rotation would do now, and its way back. Changes nothing.")
        {
            secret, emergency, revokeFirst, deliver,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var trigger = parsed.GetValue(emergency) ? "emergency" : "manual";
            var query = $"?trigger={trigger}{(parsed.GetValue(revokeFirst) ? "&revokeFirst=true" : "")}"
                + (parsed.GetValue(deliver) ? "&run=deliver" : "");
            var plan = await client.GetAsync(
                $"api/secrets/{Uri.EscapeDataString(parsed.GetValue(secret)!)}/plan{query}",
                ApiJson.Default.RotationPlan,
                cancellationToken);
            if (parsed.GetValue(CommonOptions.Json))
            {
                await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(plan, ApiJson.Default.RotationPlan));
            }
            else
            {
                Show(terminal.Pretty, plan);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    public static void Show(IAnsiConsole console, RotationPlan plan)
    {
        console.MarkupLineInterpolated($"[bold]{plan.RotationId}[/]  {Word(plan.Strategy)} ({Word(plan.Trigger)})");
        foreach (var warning in plan.Warnings)
        {
            console.MarkupLineInterpolated($"[yellow]note:[/] {warning}");
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("", "Step", "Way back");
        for (var i = 0; i < plan.Steps.Count; i++)
        {
            var step = plan.Steps[i];
            table.AddRow(
                new Text($"{i + 1}"),
                new Text(step.Title),
                new Text(step.Undo.Count == 0 ? "-" : string.Join("; ", step.Undo.Select(u => u.Title))));
        }

        console.Write(table);
    }

    /// <summary>An enum's value as the catalog writes it: in-place, dual-key.</summary>
    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
