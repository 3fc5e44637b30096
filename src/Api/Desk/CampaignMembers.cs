using Microsoft.Extensions.Logging;
using Rotunda.Campaigns.Run;
using Rotunda.Ledger;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
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

    public Task SendAsync(CampaignRecord campaign, CampaignNotice notice, CancellationToken cancellationToken) => dispatch.SendAsync(
        new Notice(NoticeKinds.Prefix + NoticeKinds.NameOf(notice.Kind), "", null, campaign.InstanceId, notice.Message)
        {
            Campaign = campaign.Id,
            Title = notice.Title,
            Condition = campaign.InstanceId,
            Ends = notice.Kind == NoticeKind.CampaignEnded,
        },
        cancellationToken);

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

    [LoggerMessage(EventId = 4091, Level = LogLevel.Error, Message = "{Secret} of {Campaign} could not be started")]
    private partial void LogNotStarted(Exception problem, string secret, string campaign);
}
