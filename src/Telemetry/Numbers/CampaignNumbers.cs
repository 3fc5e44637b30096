using Rotunda.Campaigns.Views;
using Rotunda.Ledger;

namespace Rotunda.Telemetry.Numbers;

/// <summary>What open campaigns have left.</summary>
/// <param name="Members">How many are how far.</param>
/// <param name="Exposed">Members whose old credential still works, by risk ("none" where the catalog says none).</param>
public sealed record CampaignNumbers(
    string Id, string Kind, IReadOnlyDictionary<string, int> Members, IReadOnlyDictionary<string, int> Exposed)
{
    /// <summary>Open campaigns that are told of at most: the newest.</summary>
    public const int Most = 20;

    public static async Task<IReadOnlyList<CampaignNumbers>> ReadAsync(ILedger ledger, CancellationToken cancellationToken)
    {
        var found = new List<CampaignNumbers>();
        foreach (var campaign in await ledger.ListCampaignsAsync(openOnly: true, Most, cancellationToken))
        {
            found.Add(Of(campaign, await ledger.ListMembersAsync(campaign.Id, cancellationToken)));
        }

        return found;
    }

    private static CampaignNumbers Of(CampaignRecord campaign, IReadOnlyList<CampaignMember> members)
    {
        var phases = members.CountBy(member => member.Phase).ToDictionary();
        return new CampaignNumbers(
            campaign.Id,
            CampaignWords.Of(campaign.Kind),
            Enum.GetValues<MemberPhase>().ToDictionary(CampaignWords.Of, phase => phases.GetValueOrDefault(phase)),
            members.GroupBy(member => member.Risk ?? "none").ToDictionary(
                group => group.Key, group => group.Count(member => member.Phase != MemberPhase.Done), StringComparer.Ordinal));
    }
}
