using System.CommandLine;
using Rotunda.Api.Views;
using Rotunda.Campaigns.Views;

namespace Rotunda.Server.Commands;

/// <summary>Follows a campaign until it has ended or only people can bring it on, also through a restart of the server.</summary>
internal static class CampaignFollower
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    public static Option<bool> Wait() => new("--wait")
    {
        Description = "Follow it until it has ended or only people can bring it on. Exit code 0 only if every secret is done.",
    };

    /// <returns>An exit code: Ok only if every secret is done.</returns>
    public static async Task<int> FollowAsync(
        ApiClient client, Terminal terminal, ParseResult parsed, string id, CancellationToken cancellationToken)
    {
        var asJson = parsed.GetValue(CommonOptions.Json);
        string? shown = null;
        CampaignView? view = null;
        while (true)
        {
            try
            {
                view = await client.GetAsync(
                    $"api/campaigns/{Uri.EscapeDataString(id)}", ApiJson.Default.CampaignView, cancellationToken);
            }
            catch (ServerAwayException) when (view is not null)
            {
                // It restarts; the campaign goes on then.
                await Task.Delay(s_look, TimeProvider.System, cancellationToken);
                continue;
            }

            if (!asJson && CampaignSheet.Line(view) is var line && line != shown)
            {
                await terminal.Plain.WriteLineAsync(shown = line);
            }

            if (IsOver(view.Campaign))
            {
                await CampaignCommands.WriteAsync(terminal, parsed, view, ApiJson.Default.CampaignView, CampaignSheet.Show);
                return view.Campaign.Counts.Done == view.Campaign.Counts.Members ? ExitCodes.Ok : ExitCodes.BadNews;
            }

            await Task.Delay(s_look, TimeProvider.System, cancellationToken);
        }
    }

    private static bool IsOver(CampaignSummary campaign) =>
        campaign.EndedAt is not null || campaign.Counts.Moving == 0 && (campaign.Counts.ToCome == 0 || campaign.State == "paused");
}
