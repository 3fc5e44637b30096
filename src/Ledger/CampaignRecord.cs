using System.Globalization;

namespace Rotunda.Ledger;

/// <summary>One campaign: many rotations for one reason.</summary>
/// <param name="Id">"campaign-7".</param>
/// <param name="Selector">Which secrets were selected, as it was given; null for all.</param>
/// <param name="Incident">Set for an emergency, and only there.</param>
/// <param name="PreviewHash">The preview that was agreed to.</param>
public sealed record CampaignRecord(
    string Id,
    CampaignKind Kind,
    string? Selector,
    string Reason,
    string RequestedBy,
    string? Incident,
    bool RevokeFirst,
    CampaignPace Pace,
    string PreviewHash,
    CampaignState State,
    DateTimeOffset CreatedAt)
{
    /// <summary>Which of its orchestrations is the present one: a retry after the end starts another.</summary>
    public int Run { get; init; } = 1;

    /// <summary>The last change of its state: who, when, and why.</summary>
    public CampaignChange? Changed { get; init; }

    /// <summary>When nothing of it moved any more; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The id of its present orchestration. No secret's rotation can have it: names have no colon.</summary>
    public string InstanceId => $"{InstancePrefix}{Id}:{Run}";

    /// <summary>The key that the rotation of a member's attempt is started with.</summary>
    public string StartKey(CampaignMember member) =>
        string.Create(CultureInfo.InvariantCulture, $"{InstancePrefix}{Id}:{member.Attempt}");

    /// <summary>Begins the id of every campaign's orchestration.</summary>
    public const string InstancePrefix = "campaign:";
}

/// <param name="By">Who.</param>
public sealed record CampaignChange(string By, DateTimeOffset At, string? Why);

/// <summary>How many rotations of a campaign move side by side.</summary>
/// <param name="AtOnce">In all.</param>
/// <param name="PerProvider">At one provider.</param>
public sealed record CampaignPace(int AtOnce, int PerProvider)
{
    public static CampaignPace Usual { get; } = new(32, 4);
}

public enum CampaignKind
{
    /// <summary>Its rotations go as those that a person starts: with approval, grace period and evidence.</summary>
    Plain,
    /// <summary>Its rotations are emergencies.</summary>
    Emergency,
}

public enum CampaignState
{
    Running,
    /// <summary>Starts no more for now; what moves goes on.</summary>
    Paused,
    /// <summary>Starts no more; what moves goes on.</summary>
    Stopped,
    /// <summary>Every member has ended.</summary>
    Done,
}

/// <summary>What a campaign is made with.</summary>
/// <param name="StartKey">The same key makes one campaign only; null for none.</param>
/// <param name="Members">In the order in which they start.</param>
public sealed record NewCampaign(
    CampaignKind Kind,
    string? Selector,
    string Reason,
    string RequestedBy,
    string? Incident,
    bool RevokeFirst,
    CampaignPace Pace,
    string PreviewHash,
    string? StartKey,
    IReadOnlyList<NewMember> Members);

/// <param name="Provider">The type of the provider, by which it is paced.</param>
/// <param name="Risk">As the catalog has it; null if it has none.</param>
/// <param name="Exposure">In how many places the value stands.</param>
public sealed record NewMember(string Secret, string Provider, string? Risk, int Exposure);
