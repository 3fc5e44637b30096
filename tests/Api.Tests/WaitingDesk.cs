using Rotunda.Campaigns.Run;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>A desk at which some members have to wait, and which starts the others in name only.</summary>
internal sealed class WaitingDesk(IMemberDesk desk, Func<CampaignMember, bool> mayStart) : IMemberDesk
{
    public List<string> Started { get; } = [];

    public List<NoticeKind> Sent { get; init; } = [];

    public DateTimeOffset Now => desk.Now;

    public RotationCatalog? Catalog => desk.Catalog;

    public IReadOnlyDictionary<string, ProviderDescriptor> Descriptors => desk.Descriptors;

    public IReadOnlyDictionary<string, string> NotAdopted => desk.NotAdopted;

    public Task<MemberStart> StartAsync(CampaignRecord campaign, CampaignMember member, CancellationToken cancellationToken)
    {
        if (!mayStart(member))
        {
            return Task.FromResult(MemberStart.Later);
        }

        Started.Add(member.Secret);
        return Task.FromResult(MemberStart.Started);
    }

    public Task<bool> ResumeAsync(string rotationId, string by, string reason, CancellationToken cancellationToken) =>
        Task.FromResult(false);

    public Task SendAsync(CampaignRecord campaign, CampaignNotice notice, CancellationToken cancellationToken)
    {
        Sent.Add(notice.Kind);
        return Task.CompletedTask;
    }
}
