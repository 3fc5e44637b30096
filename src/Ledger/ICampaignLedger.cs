namespace Rotunda.Ledger;

/// <summary>What the ledger keeps of campaigns: what was selected, in which order, and which rotation is whose. How far a member is, its
/// rotation says. Each method is one transaction, with its rows in the audit.</summary>
public interface ICampaignLedger
{
    /// <summary>Writes the campaign with its members, and gives it its id. A start key that was used before gives back the campaign
    /// that it made.</summary>
    /// <returns>The campaign, and whether it is new.</returns>
    Task<(CampaignRecord Campaign, bool IsNew)> AddCampaignAsync(NewCampaign campaign, CancellationToken cancellationToken);

    Task<CampaignRecord?> GetCampaignAsync(string id, CancellationToken cancellationToken);

    /// <summary>The one that this start key made; null if it made none.</summary>
    Task<CampaignRecord?> FindCampaignAsync(string startKey, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    /// <param name="openOnly">Only those of which something may still move.</param>
    Task<IReadOnlyList<CampaignRecord>> ListCampaignsAsync(bool openOnly, int limit, CancellationToken cancellationToken);

    /// <summary>In their order.</summary>
    Task<IReadOnlyList<CampaignMember>> ListMembersAsync(string id, CancellationToken cancellationToken);

    /// <summary>No rotation could be started for that attempt, and only a retry tries again.</summary>
    Task RecordMemberRefusedAsync(string id, string secret, int attempt, string why, CancellationToken cancellationToken);

    /// <summary>A person pauses, resumes or stops it; or it is done.</summary>
    /// <returns>False, and nothing changed, if it is in none of those states.</returns>
    Task<bool> SetCampaignStateAsync(
        string id, IReadOnlyList<CampaignState> from, CampaignState to, CampaignWord word, CancellationToken cancellationToken);

    /// <summary>Nothing of a stopped one moves any more.</summary>
    Task EndStoppedCampaignAsync(string id, CancellationToken cancellationToken);

    /// <summary>Those that failed get another attempt, and the campaign runs.</summary>
    /// <returns>How many; 0, and nothing changed, if none failed or it was stopped.</returns>
    Task<int> RetryCampaignAsync(string id, CampaignWord word, CancellationToken cancellationToken);

    /// <summary>Puts a notice of the campaign on record, once a run.</summary>
    /// <returns>False, and nothing changed, if it is there.</returns>
    Task<bool> TellCampaignAsync(CampaignRecord campaign, string action, string message, CancellationToken cancellationToken);

    /// <summary>Whether that notice of the campaign's run is on record.</summary>
    Task<bool> IsCampaignToldAsync(CampaignRecord campaign, string action, CancellationToken cancellationToken);

    /// <summary>Members of running emergencies that have not started: what is scheduled waits for them.</summary>
    Task<IReadOnlyList<CampaignMember>> ListEmergenciesToComeAsync(CancellationToken cancellationToken);

    /// <summary>How long the newest rotations that succeeded took until their new value was in use, newest first.</summary>
    Task<IReadOnlyList<RotationPace>> ListPacesAsync(int limit, CancellationToken cancellationToken);
}

/// <summary>Who says something of a campaign, and why.</summary>
/// <param name="Action">The audit's word, one of <see cref="AuditActions"/>.</param>
public sealed record CampaignWord(string Action, string By, string? Why);
