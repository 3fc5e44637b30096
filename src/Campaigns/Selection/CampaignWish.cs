using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Campaigns.Selection;

/// <summary>Who wants a campaign, of what, and why.</summary>
/// <param name="Select">Null for all secrets of the catalog.</param>
/// <param name="Incident">Set for an emergency, and only there.</param>
/// <param name="Right">What the caller may do with a secret.</param>
public sealed record CampaignWish(
    CampaignSelector? Select,
    string Reason,
    string By,
    string? Incident,
    bool RevokeFirst,
    CampaignPace Pace,
    Func<Policy, MemberRight> Right)
{
    public CampaignKind Kind => Incident is null ? CampaignKind.Plain : CampaignKind.Emergency;

    public RotationTrigger Trigger => Incident is null ? RotationTrigger.Manual : RotationTrigger.Emergency;
}

/// <summary>What a caller may do with a secret that was selected.</summary>
public enum MemberRight
{
    /// <summary>Is not told that there is one.</summary>
    Unseen,
    /// <summary>Sees it, and may not rotate it: it is left out, by name.</summary>
    LeftOut,
    May,
}
