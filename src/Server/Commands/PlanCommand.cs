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
        var secret = new Argument<string?>("SECRET")
        {
            Description = "The secret's name in the catalog.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var all = new Option<bool>("--all") { Description = "The plans of all secrets of a catalog, without a server." };
        var catalog = ServeCommand.CatalogOption();
        var emergency = new Option<bool>("--emergency") { Description = "The plan of an emergency." };
        var revokeFirst = new Option<bool>("--revoke-first") { Description = "With --emergency: the old credential dies first." };
        var deliver = new Option<bool>("--deliver") { Description = "The plan of 'rotunda deliver'." };
        var retire = new Option<bool>("--retire") { Description = "The plan of 'rotunda retire'." };
        var command = new Command("plan", "Show what a rotation would do now, and its way back. Changes nothing.")
        {
            secret, all, catalog, emergency, revokeFirst, deliver, retire,
        };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(all) == (parsed.GetValue(secret) is not null))
            {
                parsed.AddError("Give the name of a secret, or --all.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(all))
            {
                return await OfflinePlans.ShowAsync(terminal, parsed.GetValue(catalog)!, parsed.GetValue(CommonOptions.Json));
            }

            using var client = CommonOptions.Client(parsed);
            var trigger = parsed.GetValue(emergency) ? "emergency" : "manual";
            var query = $"?trigger={trigger}{(parsed.GetValue(revokeFirst) ? "&revokeFirst=true" : "")}"
                + (parsed.GetValue(deliver) ? "&run=deliver" : "")
                + (parsed.GetValue(retire) ? "&run=retire" : "");
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

    /// <summary>The plan in the words of the domain, folded to the terminal's width with its lines' own indents.</summary>
    public static void Show(IAnsiConsole console, RotationPlan plan)
    {
        foreach (var line in PlanText.Render(plan).TrimEnd().Split('\n'))
        {
            var indent = line.Length - line.TrimStart().Length;
            var colour = line.StartsWith("Note: ", StringComparison.Ordinal) ? "yellow"
                : line.TrimStart().StartsWith("undo: ", StringComparison.Ordinal) ? "grey" : "default";
            if (line.Length == 0)
            {
                console.WriteLine();
                continue;
            }

            console.Write(new Padder(new Text(line.TrimStart(), Style.Parse(colour)), new Padding(indent, 0, 0, 0)));
        }
    }
}
