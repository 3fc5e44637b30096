using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Campaigns.Run;

/// <summary>What campaigns need of the desk at which rotations are started.</summary>
public interface IMemberDesk
{
    DateTimeOffset Now { get; }

    /// <summary>The newest valid one; null if none could be read yet.</summary>
    RotationCatalog? Catalog { get; }

    IReadOnlyDictionary<string, ProviderDescriptor> Descriptors { get; }

    /// <summary>Why secrets of the catalog could not be adopted, by name.</summary>
    IReadOnlyDictionary<string, string> NotAdopted { get; }

    /// <summary>Starts the member's rotation under the campaign's key: however often it is asked for, there is one.</summary>
    Task<MemberStart> StartAsync(CampaignRecord campaign, CampaignMember member, CancellationToken cancellationToken);

    /// <summary>Tells a stuck or paused rotation to go on.</summary>
    /// <returns>False if it does not take that now.</returns>
    Task<bool> ResumeAsync(string rotationId, string by, string reason, CancellationToken cancellationToken);

    /// <summary>Tells people by the channels that the catalog names. Told twice, it is sent once.</summary>
    Task TellAsync(CampaignRecord campaign, CampaignNotice notice, CancellationToken cancellationToken);
}

public enum MemberStart
{
    /// <summary>It is under way, now or since before.</summary>
    Started,
    /// <summary>Another rotation comes first: ask again later.</summary>
    Later,
    /// <summary>It cannot be started; the ledger has why.</summary>
    Refused,
}

/// <param name="Kind">One of those that campaigns give.</param>
/// <param name="Message">For people.</param>
public sealed record CampaignNotice(NoticeKind Kind, string Message);
