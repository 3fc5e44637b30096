using System.CommandLine;
using Rotunda.Campaigns.Selection;
using Rotunda.Campaigns.Views;

namespace Rotunda.Server.Commands;

/// <summary>What says which secrets a campaign is for, why, and how fast.</summary>
internal sealed class CampaignOptions(bool reasonRequired)
{
    private readonly Option<string?> _select = new("--select")
    {
        Description = $"Which secrets; all parts have to hold: {string.Join(", ", CampaignSelector.Words.Keys.Select(word => word + "="))}. "
            + "For example tag=ci,owner=platform,name=prod-*",
        HelpName = "SELECTOR",
    };

    private readonly Option<bool> _all = new("--all") { Description = "Every secret of the catalog, for example after a vault was opened." };
    private readonly Option<string?> _reason = new("--reason") { Description = "Why; goes on record.", Required = reasonRequired };
    private readonly Option<string?> _incident = new("--incident")
    {
        Description = "The incident's reference. Makes it an emergency: its rotations skip windows, approval and grace, take over what is "
            + "open, and go ahead of scheduled work.",
    };

    private readonly Option<bool> _revokeFirst =
        new("--revoke-first") { Description = "With --incident: kills each old credential before the new one is made." };

    private readonly Option<int?> _atOnce = new("--at-once") { Description = "How many rotations move side by side (32).", HelpName = "N" };
    private readonly Option<int?> _perProvider =
        new("--per-provider") { Description = "How many of these at one provider (4).", HelpName = "N" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _select, _all, _reason, _incident, _revokeFirst, _atOnce, _perProvider })
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(_all) == (result.GetValue(_select) is not null))
            {
                result.AddError("Say which secrets: --select SELECTOR, or --all for every secret of the catalog.");
            }

            if (result.GetValue(_revokeFirst) && result.GetValue(_incident) is null)
            {
                result.AddError("--revoke-first is for emergencies only: give the incident's reference with --incident.");
            }
        });
    }

    public CampaignBody Body(ParseResult parsed) => new(
        parsed.GetValue(_select), parsed.GetValue(_all), parsed.GetValue(_reason) ?? "a preview", parsed.GetValue(_incident),
        parsed.GetValue(_revokeFirst), parsed.GetValue(_atOnce), parsed.GetValue(_perProvider));
}
