using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rotunda.Api.Views;

namespace Rotunda.Server.Commands;

/// <summary>Campaigns: many rotations for one reason, previewed, started and steered.</summary>
internal static class CampaignCommands
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("campaign", "Rotate many secrets for one reason: preview, start, follow and steer it.");
        command.Add(Preview(terminal));
        command.Add(CampaignStart.Create(terminal));
        command.Add(List(terminal));
        command.Add(Show(terminal));
        command.Add(Steer(terminal, "pause", "Start no more for now; what moves goes on."));
        command.Add(Steer(terminal, "resume", "Go on after a pause."));
        command.Add(Steer(terminal, "stop", "Start no more; what moves goes on to its end."));
        command.Add(Steer(terminal, "retry", "Start again those that failed, and resume those that are stuck."));
        return command;
    }

    /// <summary>As JSON for programs, or as people read it.</summary>
    internal static async Task WriteAsync<T>(
        Terminal terminal, ParseResult parsed, T view, JsonTypeInfo<T> type, Action<Terminal, T> show)
    {
        if (parsed.GetValue(CommonOptions.Json))
        {
            await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(view, type));
        }
        else
        {
            show(terminal, view);
        }
    }

    private static Command Preview(Terminal terminal)
    {
        var what = new CampaignOptions(reasonRequired: false);
        var command = new Command("preview", "Show what a campaign would do: what, in which order, how long, whom it needs. Starts nothing.");
        what.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed, patient: true);
            var preview = await client.PostAsync(
                "api/campaigns/preview", what.Body(parsed), ApiJson.Default.CampaignBody, ApiJson.Default.CampaignPreview, null,
                cancellationToken);
            await WriteAsync(terminal, parsed, preview, ApiJson.Default.CampaignPreview, CampaignSheet.Preview);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command List(Terminal terminal)
    {
        var command = new Command("list", "List campaigns, newest first.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var list = await client.GetAsync("api/campaigns", ApiJson.Default.CampaignList, cancellationToken);
            await WriteAsync(terminal, parsed, list, ApiJson.Default.CampaignList, CampaignSheet.List);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Show(Terminal terminal)
    {
        var id = new Argument<string>("CAMPAIGN") { Description = "Its id, as the list has it." };
        var wait = CampaignFollower.Wait();
        var command = new Command("show", "Show how a campaign stands: percent done, what is left by risk, what to look at.") { id, wait };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            if (parsed.GetValue(wait))
            {
                return await CampaignFollower.FollowAsync(client, terminal, parsed, parsed.GetValue(id)!, cancellationToken);
            }

            var view = await client.GetAsync(
                $"api/campaigns/{Uri.EscapeDataString(parsed.GetValue(id)!)}", ApiJson.Default.CampaignView, cancellationToken);
            await WriteAsync(terminal, parsed, view, ApiJson.Default.CampaignView, CampaignSheet.Show);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Steer(Terminal terminal, string verb, string description)
    {
        var id = new Argument<string>("CAMPAIGN") { Description = "Its id, as the list has it." };
        var reason = new Option<string>("--reason") { Description = "Why; goes on record.", Required = true };
        var command = new Command(verb, description) { id, reason };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed, patient: true);
            var answer = await client.PostAsync(
                $"api/campaigns/{Uri.EscapeDataString(parsed.GetValue(id)!)}/{verb}", new ReasonBody(parsed.GetValue(reason)),
                ApiJson.Default.ReasonBody, ApiJson.Default.CampaignAnswer, null, cancellationToken);
            await WriteAsync(terminal, parsed, answer, ApiJson.Default.CampaignAnswer, (to, said) =>
                to.Plain.WriteLine($"{said.Id}: {said.Message}"));
            return ExitCodes.Ok;
        });
        return command;
    }
}
