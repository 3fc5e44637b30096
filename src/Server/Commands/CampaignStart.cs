using System.CommandLine;
using Rotunda.Api.Views;
using Rotunda.Campaigns.Views;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>Starts a campaign: shows the preview and asks, unless its hash is given or nobody is there to ask.</summary>
internal static class CampaignStart
{
    public static Command Create(Terminal terminal)
    {
        var what = new CampaignOptions(reasonRequired: true);
        var yes = new Option<bool>("--yes") { Description = "Start what the preview shows without asking; for scripts." };
        var hash = new Option<string?>("--preview")
        {
            Description = "The hash of a preview that was agreed to: anything else is refused.", HelpName = "HASH",
        };
        var key = new Option<string?>("--key") { Description = "Idempotency key: the same key starts one campaign only." };
        var wait = CampaignFollower.Wait();
        var command = new Command("start", "Start a campaign, after its preview.") { yes, hash, key, wait };
        what.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed, patient: true);
            var body = what.Body(parsed);
            if ((parsed.GetValue(hash) ?? await AgreeAsync(client, terminal, parsed, body, parsed.GetValue(yes), cancellationToken))
                is not { } agreed)
            {
                await terminal.Errors.WriteLineAsync("Nothing was started.");
                return ExitCodes.BadNews;
            }

            var view = await client.PostAsync(
                "api/campaigns", body with { Preview = agreed }, ApiJson.Default.CampaignBody, ApiJson.Default.CampaignView,
                parsed.GetValue(key), cancellationToken);
            if (parsed.GetValue(wait))
            {
                return await CampaignFollower.FollowAsync(client, terminal, parsed, view.Campaign.Id, cancellationToken);
            }

            await CampaignCommands.WriteAsync(terminal, parsed, view, ApiJson.Default.CampaignView, (to, started) =>
                to.Pretty.MarkupLineInterpolated(
                    $"[bold]{started.Campaign.Id}[/] started. Follow it with: rotunda campaign show {started.Campaign.Id} --wait"));
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <returns>The hash of what was agreed to; null if it was not.</returns>
    private static async Task<string?> AgreeAsync(
        ApiClient client, Terminal terminal, ParseResult parsed, CampaignBody body, bool yes, CancellationToken cancellationToken)
    {
        var preview = await client.PostAsync(
            "api/campaigns/preview", body, ApiJson.Default.CampaignBody, ApiJson.Default.CampaignPreview, null, cancellationToken);
        if (!parsed.GetValue(CommonOptions.Json))
        {
            CampaignSheet.Preview(terminal, preview);
        }

        if (yes)
        {
            return preview.Hash;
        }

        if (!ValueInput.IsTerminal || parsed.GetValue(CommonOptions.Json))
        {
            throw new CommandException(
                ExitCodes.CannotWork,
                $"Nobody is there to ask. Start what was shown with --preview {preview.Hash}, or without a look with --yes.");
        }

        await terminal.Plain.WriteAsync($"Rotate {CampaignSheet.Secrets(preview.Members)} now? Type yes: ");
        await terminal.Plain.FlushAsync(cancellationToken);
        return await ValueInput.LineAsync(cancellationToken) is { } line && line.Trim() == "yes" ? preview.Hash : null;
    }
}
