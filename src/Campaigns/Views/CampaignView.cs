namespace Rotunda.Campaigns.Views;

/// <summary>A campaign in one line.</summary>
/// <param name="Kind">"emergency" or "plain".</param>
/// <param name="Selector">Null for all secrets.</param>
/// <param name="State">"running", "paused", "stopped" or "done".</param>
/// <param name="Percent">How many of a hundred members are done.</param>
public sealed record CampaignSummary(
    string Id,
    string Kind,
    string? Selector,
    string Reason,
    string? Incident,
    string RequestedBy,
    string State,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt,
    int Percent,
    CampaignCounts Counts);

/// <summary>How many members are how far.</summary>
/// <param name="InUse">How many have their new value in use, done or not.</param>
/// <param name="NeedPerson">They wait for an approval, a value, a word that the old one has ended, or a resume.</param>
/// <param name="Grace">The new value is in use, and the old one still works.</param>
public sealed record CampaignCounts(
    int Members, int ToCome, int Moving, int NeedPerson, int Stuck, int Grace, int Done, int Failed, int InUse);

/// <summary>One campaign as a person follows it.</summary>
/// <param name="Exposure">What is left, by risk, the most pressing first.</param>
/// <param name="Look">Failures to look at: stuck, or ended otherwise. The first of them.</param>
/// <param name="Waiting">Those that wait for a person. The first of them.</param>
/// <param name="SecondsLeft">By the pace so far; null while nothing tells.</param>
/// <param name="Can">What can be done with it now.</param>
public sealed record CampaignView(
    CampaignSummary Campaign,
    bool RevokeFirst,
    int AtOnce,
    int PerProvider,
    string PreviewHash,
    string? ChangedBy,
    DateTimeOffset? ChangedAt,
    string? ChangedWhy,
    long? SecondsLeft,
    IReadOnlyList<ExposureView> Exposure,
    IReadOnlyList<MemberView> Look,
    IReadOnlyList<MemberView> Waiting,
    IReadOnlyList<CampaignAction> Can);

/// <summary>What is left of one risk.</summary>
/// <param name="Risk">Null for those without one.</param>
/// <param name="OldInUse">Their old value is the one in use.</param>
/// <param name="OldWorks">Their new value is in use, and the old one still works.</param>
/// <param name="Dead">The old value is dead.</param>
public sealed record ExposureView(string? Risk, int Members, int OldInUse, int OldWorks, int Dead);

/// <param name="Phase">"to-come", "moving", "needs-person", "stuck", "grace", "done" or "failed".</param>
/// <param name="RotationId">Null before it is started.</param>
/// <param name="State">The state of that rotation.</param>
/// <param name="Why">What it waits for, or why it failed; null where there is nothing to say.</param>
public sealed record MemberView(
    int Place, string Secret, string Provider, string? Risk, string Phase, int Attempt, string? RotationId, string? State, string? Why);

/// <param name="WhyNot">Null if the caller may.</param>
public sealed record CampaignAction(string Verb, bool Allowed, string? WhyNot);

/// <summary>Campaigns, newest first.</summary>
public sealed record CampaignList(IReadOnlyList<CampaignSummary> Campaigns);

/// <summary>A page of members, in their order.</summary>
/// <param name="After">The last place on this page where there are more; null on the last page.</param>
public sealed record MemberList(IReadOnlyList<MemberView> Members, int? After);

/// <summary>What became of a word.</summary>
public sealed record CampaignAnswer(string Id, string State, string Message);

/// <summary>A campaign that is asked for, or a preview of one.</summary>
/// <param name="Select">Which secrets; not with <paramref name="All"/>.</param>
/// <param name="All">Every secret of the catalog.</param>
/// <param name="Incident">The incident's reference makes it an emergency.</param>
/// <param name="AtOnce">How many rotations move side by side; null for the usual number.</param>
/// <param name="PerProvider">How many of these at one provider; null for the usual number.</param>
/// <param name="Preview">The hash of the preview that was agreed to; a start needs it.</param>
public sealed record CampaignBody(
    string? Select = null,
    bool All = false,
    string? Reason = null,
    string? Incident = null,
    bool RevokeFirst = false,
    int? AtOnce = null,
    int? PerProvider = null,
    string? Preview = null);
