using Rotunda.Campaigns.Run;
using Rotunda.Campaigns.Selection;
using Rotunda.Campaigns.Views;
using Rotunda.Ledger;

namespace Rotunda.Campaigns.Desk;

/// <summary>Reads how campaigns stand. One who is told of some secrets only sees campaigns that have some of these, and of them these
/// alone.</summary>
public sealed class CampaignReader(ILedger ledger, IMemberDesk desk)
{
    private const int MostNamed = 100;

    /// <summary>Fewer than these tell nothing of the pace.</summary>
    private const int LeastForPace = 3;

    public async Task<CampaignList> ListAsync(
        Func<string, bool> sees, bool openOnly, int limit, CancellationToken cancellationToken)
    {
        var found = new List<CampaignSummary>();
        foreach (var campaign in await ledger.ListCampaignsAsync(openOnly, limit, cancellationToken))
        {
            if (await SeenAsync(campaign, sees, cancellationToken) is { Count: > 0 } members)
            {
                found.Add(Summary(campaign, members));
            }
        }

        return new CampaignList(found);
    }

    /// <param name="whyNot">Why the caller may not steer a campaign of these; null if the caller may.</param>
    /// <returns>Null for one that is not known, or that has no secret which the caller is told of.</returns>
    public async Task<CampaignView?> GetAsync(
        string id, Func<string, bool> sees, Func<IReadOnlyList<CampaignMember>, string?> whyNot, CancellationToken cancellationToken)
    {
        if (await ledger.GetCampaignAsync(id, cancellationToken) is not { } campaign)
        {
            return null;
        }

        var all = await ledger.ListMembersAsync(id, cancellationToken);
        var members = all.Where(member => sees(member.Secret)).ToList();
        if (members.Count == 0)
        {
            return null;
        }

        var summary = Summary(campaign, members);
        return new CampaignView(
            summary, campaign.RevokeFirst, campaign.Pace.AtOnce, campaign.Pace.PerProvider, campaign.PreviewHash,
            campaign.Changed?.By, campaign.Changed?.At, campaign.Changed?.Why, SecondsLeft(campaign, summary.Counts),
            Exposure(members),
            [.. members.Where(one => one.Phase is MemberPhase.Stuck or MemberPhase.Failed).Take(MostNamed).Select(View)],
            [.. members.Where(one => one.Phase == MemberPhase.NeedsPerson).Take(MostNamed).Select(View)],
            Can(campaign, all, whyNot(all)));
    }

    /// <param name="phase">Those of this phase only; null for all.</param>
    /// <param name="after">Those after this place.</param>
    /// <returns>Null for one that is not known, or that has no secret which the caller is told of.</returns>
    public async Task<MemberList?> ListMembersAsync(
        string id, Func<string, bool> sees, MemberPhase? phase, int after, int limit, CancellationToken cancellationToken)
    {
        if (await ledger.GetCampaignAsync(id, cancellationToken) is not { } campaign
            || await SeenAsync(campaign, sees, cancellationToken) is not { Count: > 0 } members)
        {
            return null;
        }

        var found = members.Where(one => one.Place > after && (phase is null || one.Phase == phase)).Take(limit + 1).ToList();
        var page = new List<MemberView>();
        foreach (var member in found.Take(limit))
        {
            var view = View(member);
            page.Add(view.Why is null && member.Phase == MemberPhase.ToCome && campaign.Kind == CampaignKind.Plain
                ? view with { Why = await WhyGroupAsync(member, cancellationToken) }
                : view);
        }

        return new MemberList(page, found.Count > limit ? page[^1].Place : null);
    }

    /// <summary>Null where its group has room for it.</summary>
    private async Task<string?> WhyGroupAsync(CampaignMember member, CancellationToken cancellationToken) =>
        desk.Catalog is { } catalog && catalog.Policies.TryGetValue(member.Secret, out var policy)
            && GroupLimit.Of(catalog, policy) is { } limit ? await limit.WhyFullAsync(ledger, cancellationToken) : null;

    private static IReadOnlyList<CampaignAction> Can(CampaignRecord campaign, IReadOnlyList<CampaignMember> members, string? whyNot) =>
        [.. Verbs(campaign, CampaignWords.Count(members)).Select(verb => new CampaignAction(verb, whyNot is null, whyNot))];

    /// <summary>The words that have an effect on it now.</summary>
    private static IEnumerable<string> Verbs(CampaignRecord campaign, CampaignCounts counts)
    {
        if (campaign.State == CampaignState.Running)
        {
            yield return "pause";
        }

        if (campaign.State == CampaignState.Paused)
        {
            yield return "resume";
        }

        if (campaign.State != CampaignState.Stopped && counts.Failed + counts.Stuck > 0)
        {
            yield return "retry";
        }

        if (campaign.State is CampaignState.Running or CampaignState.Paused)
        {
            yield return "stop";
        }
    }

    private async Task<IReadOnlyList<CampaignMember>> SeenAsync(
        CampaignRecord campaign, Func<string, bool> sees, CancellationToken cancellationToken) =>
        [.. (await ledger.ListMembersAsync(campaign.Id, cancellationToken)).Where(member => sees(member.Secret))];

    private static CampaignSummary Summary(CampaignRecord campaign, IReadOnlyCollection<CampaignMember> members)
    {
        var counts = CampaignWords.Count(members);
        return new CampaignSummary(
            campaign.Id, CampaignWords.Of(campaign.Kind), campaign.Selector, campaign.Reason, campaign.Incident, campaign.RequestedBy,
            CampaignWords.Of(campaign.State), campaign.CreatedAt, campaign.EndedAt, 100 * counts.Done / counts.Members, counts);
    }

    private static IReadOnlyList<ExposureView> Exposure(IReadOnlyList<CampaignMember> members) =>
    [
        .. members.GroupBy(member => member.Risk).OrderBy(group => RiskWords.RankOf(group.Key)).Select(group =>
        {
            var dead = group.Count(one => one.Phase == MemberPhase.Done);
            var both = group.Count(one => one.Phase is not (MemberPhase.Done or MemberPhase.Failed) && one.PromotedAt is not null);
            return new ExposureView(group.Key, group.Count(), group.Count() - dead - both, both, dead);
        }),
    ];

    /// <summary>As fast as until now: what has its new value, in the time since the start.</summary>
    private long? SecondsLeft(CampaignRecord campaign, CampaignCounts counts)
    {
        var left = counts.ToCome + counts.Moving;
        return campaign.State != CampaignState.Running || left == 0 || counts.InUse < LeastForPace ? null
            : (long)Math.Ceiling((desk.Now - campaign.CreatedAt).TotalSeconds / counts.InUse * left);
    }

    private static MemberView View(CampaignMember member) => new(
        member.Place, member.Secret, member.Provider, member.Risk, CampaignWords.Of(member.Phase), member.Attempt, member.RotationId,
        member.State is { } state ? LedgerWords.Of(state) : null, CampaignWords.WhyOf(member));
}
