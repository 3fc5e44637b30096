using System.Collections.Concurrent;
using System.Globalization;
using Rotunda.Campaigns.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Words;

namespace Rotunda.Campaigns.Run;

/// <summary>One turn of a campaign: starts what may start by now, in order, and closes the campaign when every member has ended.
/// Everything it does may be done again.</summary>
public sealed class CampaignTurn(ILedger ledger, IMemberDesk desk)
{
    /// <summary>More than these are started by the next turn, so that a word between two of them is heard soon.</summary>
    private const int MostStarts = 32;

    /// <summary>What this process has told, or seen on record.</summary>
    private readonly ConcurrentDictionary<(string InstanceId, NoticeKind Kind), bool> _told = new();

    private static readonly CampaignState[] s_open = [CampaignState.Running, CampaignState.Paused];

    public async Task<TurnResult> RunAsync(TurnInput input, CancellationToken cancellationToken)
    {
        var campaign = await ledger.GetCampaignAsync(input.Id, cancellationToken);
        if (campaign is null || campaign.Run != input.Run || campaign.EndedAt is not null)
        {
            // Another orchestration runs it by now, or it is over.
            return new TurnResult(
                campaign is null ? "stopped" : CampaignWords.Of(campaign.State), More: false, HasEnded: true, CampaignWords.Count([]));
        }

        var members = await ledger.ListMembersAsync(campaign.Id, cancellationToken);
        await TellAsync(campaign, NoticeKind.CampaignBegun, Begun(campaign, members), cancellationToken);
        var more = false;
        if (campaign.State == CampaignState.Running)
        {
            (var changed, more) = await StartAsync(campaign, members, cancellationToken);
            members = changed ? await ledger.ListMembersAsync(campaign.Id, cancellationToken) : members;
        }

        var counts = CampaignWords.Count(members);
        if (counts.NeedPerson + counts.Stuck > 0)
        {
            await TellAsync(campaign, NoticeKind.CampaignNeedsPeople, NeedsPeople(campaign, counts), cancellationToken);
        }

        var ended = await EndAsync(campaign, counts, cancellationToken);
        return new TurnResult(
            ended && campaign.State != CampaignState.Stopped ? "done" : CampaignWords.Of(campaign.State), more && !ended, ended, counts);
    }

    /// <summary>In their order, as many as the pace leaves room for.</summary>
    private async Task<(bool Changed, bool More)> StartAsync(
        CampaignRecord campaign, IReadOnlyList<CampaignMember> members, CancellationToken cancellationToken)
    {
        var moving = members.Where(member => member.Phase == MemberPhase.Moving).CountBy(member => member.Provider).ToDictionary();
        var (all, starts, changed) = (moving.Values.Sum(), 0, false);
        var turns = new GroupTurns(desk.Catalog, members);
        foreach (var member in members.Where(member => member.Phase == MemberPhase.ToCome))
        {
            if (all >= campaign.Pace.AtOnce || starts >= MostStarts)
            {
                return (changed, starts >= MostStarts && all < campaign.Pace.AtOnce);
            }

            if (moving.GetValueOrDefault(member.Provider) >= campaign.Pace.PerProvider || IsHeld(campaign, member, turns))
            {
                continue;
            }

            var start = await desk.StartAsync(campaign, member, cancellationToken);
            if (start == MemberStart.Later)
            {
                // It makes no turn follow at once, and keeps none back that could start.
                continue;
            }

            (starts, changed) = (starts + 1, true);
            if (start == MemberStart.Started)
            {
                all++;
                moving[member.Provider] = moving.GetValueOrDefault(member.Provider) + 1;
            }
        }

        return (changed, false);
    }

    /// <summary>An emergency takes over what is open, and waits for no group; any other campaign lets it end, and keeps the order of the
    /// member's group.</summary>
    private static bool IsHeld(CampaignRecord campaign, CampaignMember member, GroupTurns turns) =>
        campaign.Kind == CampaignKind.Plain && (member.OpenRotationId is not null || turns.AreOthersFirst(member));

    private async Task<bool> EndAsync(CampaignRecord campaign, CampaignCounts counts, CancellationToken cancellationToken)
    {
        if (campaign.State == CampaignState.Stopped)
        {
            // What moves ends by itself; there is nothing left to start.
            await ledger.EndStoppedCampaignAsync(campaign.Id, cancellationToken);
            await TellAsync(campaign, NoticeKind.CampaignEnded, Ended(campaign, counts), cancellationToken);
            return true;
        }

        if (counts.Done + counts.Failed < counts.Members)
        {
            return false;
        }

        var word = new CampaignWord(
            AuditActions.CampaignDone, AuditActions.System,
            string.Create(CultureInfo.InvariantCulture, $"{counts.Done} of {counts.Members} done, {counts.Failed} failed"));
        if (!await ledger.SetCampaignStateAsync(campaign.Id, s_open, CampaignState.Done, word, cancellationToken))
        {
            return false;
        }

        await TellAsync(campaign, NoticeKind.CampaignEnded, Ended(campaign, counts), cancellationToken);
        return true;
    }

    /// <summary>Sent before it is on record: where the process dies in between, it is sent again under the same id, which is no
    /// second.</summary>
    private async Task TellAsync(CampaignRecord campaign, NoticeKind kind, string message, CancellationToken cancellationToken)
    {
        if (_told.ContainsKey((campaign.InstanceId, kind)))
        {
            return;
        }

        var action = NoticeKinds.Prefix + NoticeKinds.NameOf(kind);
        if (!await ledger.IsCampaignToldAsync(campaign, action, cancellationToken))
        {
            await desk.SendAsync(campaign, new CampaignNotice(kind, TitleOf(campaign, kind), message), cancellationToken);
            await ledger.TellCampaignAsync(campaign, action, message, cancellationToken);
        }

        _told[(campaign.InstanceId, kind)] = true;
    }

    private static string TitleOf(CampaignRecord campaign, NoticeKind kind) =>
        $"{campaign.Id}{(campaign.Incident is { } incident ? $" ({incident})" : "")}: the campaign " + kind switch
        {
            NoticeKind.CampaignBegun => "has begun",
            NoticeKind.CampaignNeedsPeople => "needs people",
            _ => "has ended",
        };

    private static string Begun(CampaignRecord campaign, IReadOnlyList<CampaignMember> members) =>
        $"{campaign.RequestedBy} started it{(campaign.Incident is { } incident ? $" for {incident}" : "")}: {campaign.Reason} "
        + $"{Secrets(members.Count)} ({campaign.Selector ?? "all"}). See: rotunda campaign show {campaign.Id}";

    private static string NeedsPeople(CampaignRecord campaign, CampaignCounts counts) =>
        $"{Secrets(counts.NeedPerson)} wait for a person, and {Secrets(counts.Stuck)} are stuck. "
        + $"See which: rotunda campaign show {campaign.Id}";

    private static string Ended(CampaignRecord campaign, CampaignCounts counts) =>
        string.Create(CultureInfo.InvariantCulture, $"{counts.Done} of {Secrets(counts.Members)} done, {counts.Failed} failed. ")
        + $"See: rotunda campaign show {campaign.Id}";

    private static string Secrets(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "secret" : "secrets")}");
}
