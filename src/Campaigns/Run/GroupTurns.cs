using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Campaigns.Run;

/// <summary>Whose turn it is in the groups of a campaign's members. How many of a group move at once is the desk's to say.</summary>
/// <param name="catalog">Null while there is none: then nobody waits for others.</param>
internal sealed class GroupTurns(RotationCatalog? catalog, IReadOnlyList<CampaignMember> members)
{
    /// <summary>Those that are to come and could start, by group.</summary>
    private readonly ILookup<string, CampaignMember> _toCome = members
        .Where(member => member.Phase == MemberPhase.ToCome && member.OpenRotationId is null)
        .Select(member => (Member: member, Group: GroupOf(catalog, member)))
        .Where(one => one.Group is not null)
        .ToLookup(one => one.Group!.Name, one => one.Member, StringComparer.Ordinal);

    /// <summary>Whether another member that is to come stands before it in the order of its group.</summary>
    public bool AreOthersFirst(CampaignMember member) =>
        GroupOf(catalog, member) is { } group
        && GroupRoom.PlaceOf(group, member.Secret) is var place
        && _toCome[group.Name].Any(other => GroupRoom.PlaceOf(group, other.Secret) < place);

    private static RotationGroup? GroupOf(RotationCatalog? catalog, CampaignMember member) =>
        catalog is not null && catalog.Policies.TryGetValue(member.Secret, out var policy) ? policy.Group : null;
}
