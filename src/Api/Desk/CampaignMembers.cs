using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Rotunda.Campaigns.Run;
using Rotunda.Ledger;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Orchestrations;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>The desk as campaigns see it: their members' rotations are started and resumed here like any other, and their notices
/// sent.</summary>
public sealed partial class CampaignMembers(
    ICatalogSource catalog,
    CatalogAdoption adoption,
    RotationDesk desk,
    RotationControl control,
    ProviderRegistry providers,
    NoticeDispatch dispatch,
    ILedger ledger,
    TimeProvider time,
    ILogger<CampaignMembers> logger) : IMemberDesk
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    /// <summary>What this process has told, or seen on record.</summary>
    private readonly ConcurrentDictionary<(string InstanceId, NoticeKind Kind), bool> _told = new();

    public DateTimeOffset Now => time.GetUtcNow();

    public RotationCatalog? Catalog => catalog.Current;

    public IReadOnlyDictionary<string, ProviderDescriptor> Descriptors => providers.Descriptors;

    public IReadOnlyDictionary<string, string> NotAdopted => adoption.Problems;

    public async Task<MemberStart> StartAsync(CampaignRecord campaign, CampaignMember member, CancellationToken cancellationToken)
    {
        await catalog.RefreshAsync(Fresh, cancellationToken);
        if (catalog.Current is null)
        {
            return MemberStart.Later;
        }

        var why = await TryStartAsync(campaign, member, cancellationToken);
        if (why.Refusal is { } refusal)
        {
            await ledger.RecordMemberRefusedAsync(campaign.Id, member.Secret, member.Attempt, refusal, cancellationToken);
            return MemberStart.Refused;
        }

        return why.Start;
    }

    public async Task<bool> ResumeAsync(string rotationId, string by, string reason, CancellationToken cancellationToken)
    {
        var outcome = await control.SendAsync(rotationId, new ControlMessage(ControlVerb.Resume, by, reason), cancellationToken);
        return outcome.Kind == ControlOutcomeKind.Accepted;
    }

    public async Task TellAsync(CampaignRecord campaign, CampaignNotice notice, CancellationToken cancellationToken)
    {
        var key = (campaign.InstanceId, notice.Kind);
        if (_told.ContainsKey(key))
        {
            return;
        }

        var action = NoticeKinds.Prefix + NoticeKinds.NameOf(notice.Kind);
        // Before it is on record: where the process dies in between, it is scheduled again under the same id, which is no second.
        await dispatch.SendAsync(
            new Notice(action, "", null, campaign.InstanceId, notice.Message)
            {
                Campaign = campaign.Id,
                Title = $"{campaign.Id}{(campaign.Incident is { } incident ? $" ({incident})" : "")}: {Title(notice.Kind)}",
                Condition = campaign.InstanceId,
                Ends = notice.Kind == NoticeKind.CampaignEnded,
            },
            cancellationToken);
        await ledger.TellCampaignAsync(campaign, action, notice.Message, cancellationToken);
        _told[key] = true;
    }

    private async Task<(MemberStart Start, string? Refusal)> TryStartAsync(
        CampaignRecord campaign, CampaignMember member, CancellationToken cancellationToken)
    {
        var request = new StartRequest(
            member.Secret,
            campaign.Kind == CampaignKind.Emergency ? RotationTrigger.Emergency : RotationTrigger.Manual,
            $"{campaign.Reason} ({campaign.Id})",
            campaign.RequestedBy,
            campaign.Incident,
            campaign.RevokeFirst,
            campaign.StartKey(member));
        try
        {
            var outcome = await desk.StartAsync(request, cancellationToken);
            return outcome.Kind switch
            {
                StartOutcomeKind.Started or StartOutcomeKind.Existing => (MemberStart.Started, null),
                StartOutcomeKind.Conflict => (MemberStart.Later, null),
                _ => (MemberStart.Refused, outcome.Message ?? "No plan can be made."),
            };
        }
        catch (Exception problem) when (problem is not (OperationCanceledException or LedgerUnavailableException))
        {
            // The others of the campaign must not wait for the one that cannot be started.
            LogNotStarted(problem, member.Secret, campaign.Id);
            return (MemberStart.Refused, "It could not be started. The server's log has the details.");
        }
    }

    private static string Title(NoticeKind kind) => kind switch
    {
        NoticeKind.CampaignBegun => "the campaign has begun",
        NoticeKind.CampaignNeedsPeople => "the campaign needs people",
        _ => "the campaign has ended",
    };

    [LoggerMessage(EventId = 4091, Level = LogLevel.Error, Message = "{Secret} of {Campaign} could not be started")]
    private partial void LogNotStarted(Exception problem, string secret, string campaign);
}
