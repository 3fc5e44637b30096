using Rotunda.Ledger;
using Rotunda.Rotation.Words;

namespace Rotunda.Campaigns.Views;

/// <summary>States and phases as people read them.</summary>
public static class CampaignWords
{
    private static readonly Dictionary<MemberPhase, string> s_phases = new()
    {
        [MemberPhase.ToCome] = "to-come",
        [MemberPhase.Moving] = "moving",
        [MemberPhase.NeedsPerson] = "needs-person",
        [MemberPhase.Stuck] = "stuck",
        [MemberPhase.Grace] = "grace",
        [MemberPhase.Done] = "done",
        [MemberPhase.Failed] = "failed",
    };

    /// <summary>Every word for a phase.</summary>
    public static IReadOnlyList<string> Phases { get; } = [.. s_phases.Values];

    public static string Of(MemberPhase phase) => s_phases[phase];

    /// <summary>Null for what is no phase.</summary>
    public static MemberPhase? Phase(string word) => s_phases.Where(pair => pair.Value == word).Select(pair => (MemberPhase?)pair.Key)
        .FirstOrDefault();

    public static string Of(CampaignState state) => LedgerWords.Of(state);

    public static string Of(CampaignKind kind) => LedgerWords.Of(kind);

    /// <summary>What a member waits for, or why it failed; null where there is nothing to say.</summary>
    public static string? WhyOf(CampaignMember member) => member.Phase switch
    {
        MemberPhase.ToCome => member.OpenRotationId is { } open ? $"{open} is open" : null,
        MemberPhase.NeedsPerson => member.State switch
        {
            RotationState.WaitingForApproval => "waits for an approval",
            RotationState.WaitingForValue => "waits for a value that a person gives",
            RotationState.WaitingForRevoke => "waits until a person has ended the old one",
            _ => "is paused, and waits for a resume",
        },
        MemberPhase.Failed => member.Refusal ?? member.Detail ?? $"ended as {LedgerWords.Of(member.State!.Value)}",
        MemberPhase.Stuck => member.Detail,
        _ => null,
    };

    public static CampaignCounts Count(IReadOnlyCollection<CampaignMember> members)
    {
        var by = members.CountBy(member => member.Phase).ToDictionary();
        int Of(MemberPhase phase) => by.GetValueOrDefault(phase);
        return new CampaignCounts(
            members.Count, Of(MemberPhase.ToCome), Of(MemberPhase.Moving), Of(MemberPhase.NeedsPerson), Of(MemberPhase.Stuck),
            Of(MemberPhase.Grace), Of(MemberPhase.Done), Of(MemberPhase.Failed),
            members.Count(member => member.PromotedAt is not null && member.Phase != MemberPhase.Failed));
    }
}
