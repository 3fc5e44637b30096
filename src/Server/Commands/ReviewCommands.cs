using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>Emergencies that went without approval: the list, and a person's word on one.</summary>
internal static class ReviewCommands
{
    public static Command Create(Terminal terminal)
    {
        var all = new Option<bool>("--all") { Description = "Also those that are closed." };
        var command = new Command("review", "List emergencies that went without approval, and that two people have to look at.") { all };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var list = await client.GetAsync(
                parsed.GetValue(all) ? "api/reviews?all=true" : "api/reviews", ApiJson.Default.ReviewList, cancellationToken);
            if (parsed.GetValue(CommonOptions.Json))
            {
                await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(list, ApiJson.Default.ReviewList));
            }
            else
            {
                Show(terminal.Pretty, list);
            }

            return ExitCodes.Ok;
        });
        command.Add(Close(terminal));
        return command;
    }

    private static Command Close(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The rotation's id, as the list has it." };
        var reason = new Option<string>("--reason") { Description = "What you found; goes on record.", Required = true };
        var command = new Command("close", "Say that you have looked at one. Needs an approver who did not start it.") { id, reason };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var view = await client.PostAsync(
                $"api/reviews/{Uri.EscapeDataString(parsed.GetValue(id)!)}/close", new ReasonBody(parsed.GetValue(reason)),
                ApiJson.Default.ReasonBody, ApiJson.Default.ControlView, idempotencyKey: null, cancellationToken);
            await terminal.Plain.WriteLineAsync(parsed.GetValue(CommonOptions.Json)
                ? JsonSerializer.Serialize(view, ApiJson.Default.ControlView)
                : $"{view.RotationId}: {view.Message}");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Show(IAnsiConsole console, ReviewList list)
    {
        if (list.Reviews.Count == 0)
        {
            console.WriteLine("Nothing has to be looked at.");
            return;
        }

        foreach (var one in list.Reviews)
        {
            console.MarkupLineInterpolated(
                $"[bold]{one.RotationId}[/]  {one.State}  ({one.Incident}, started by {one.RequestedBy}: {one.Reason})");
            console.MarkupLineInterpolated(
                $"  {one.Reviewers.Count} of {one.Need}{(one.ClosedAt is null ? "" : ", closed")}");
            foreach (var by in one.Reviewers)
            {
                console.MarkupLineInterpolated($"  {by.Actor}: {by.Comment}");
            }
        }
    }
}
