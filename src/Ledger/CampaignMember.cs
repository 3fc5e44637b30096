using Rotunda.Rotation.Words;

namespace Rotunda.Ledger;

/// <summary>One secret of a campaign, and how its rotation stands now.</summary>
/// <param name="Place">From 1 on, in the order in which they start.</param>
/// <param name="Attempt">1 for the first; a retry makes it one more.</param>
/// <param name="RotationId">The rotation that was started with this attempt's key, or the emergency that took it over; null
/// before.</param>
/// <param name="Refusal">Why no rotation could be started; null if none was refused.</param>
public sealed record CampaignMember(
    int Place,
    string Secret,
    string Provider,
    string? Risk,
    int Exposure,
    int Attempt,
    string? RotationId,
    string? Refusal)
{
    /// <summary>The state of its rotation; null before there is one.</summary>
    public RotationState? State { get; init; }

    /// <summary>What the ledger notes of that state.</summary>
    public string? Detail { get; init; }

    /// <summary>Since when the new value is in use; null before.</summary>
    public DateTimeOffset? PromotedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Until when its rotation waits.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The open rotation of the secret, of this campaign or not; null if none is.</summary>
    public string? OpenRotationId { get; init; }

    public MemberPhase Phase => State switch
    {
        null => Refusal is null ? MemberPhase.ToCome : MemberPhase.Failed,
        RotationState.Succeeded => MemberPhase.Done,
        RotationState.Grace when PromotedAt is not null => MemberPhase.Grace,
        RotationState.Grace or RotationState.Planned or RotationState.Running or RotationState.RollingBack => MemberPhase.Moving,
        RotationState.Stuck => MemberPhase.Stuck,
        { } state when state.IsFinal() => MemberPhase.Failed,
        _ => MemberPhase.NeedsPerson,
    };
}

/// <summary>How far a member of a campaign is.</summary>
public enum MemberPhase
{
    ToCome,
    Moving,
    /// <summary>It waits for an approval, a value, a word that the old one has ended, or a resume.</summary>
    NeedsPerson,
    /// <summary>It cannot go on, and is among the failures to look at.</summary>
    Stuck,
    /// <summary>The new value is in use, and the old one still works.</summary>
    Grace,
    Done,
    /// <summary>Its rotation ended otherwise, or none could be started.</summary>
    Failed,
}

/// <summary>How long a rotation took until its new value was in use.</summary>
public sealed record RotationPace(string Secret, TimeSpan Took);
