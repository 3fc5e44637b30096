namespace Rotunda.Campaigns.Views;

/// <summary>What a campaign would do, before anything is started.</summary>
/// <param name="Hash">Names this preview: a start with it is refused if other secrets would be rotated by then.</param>
/// <param name="Kind">"emergency" or "plain".</param>
/// <param name="Selector">Null for all.</param>
/// <param name="Seconds">How long until all new values are in use, at the providers' pace; waits for people not counted.</param>
/// <param name="Order">The first of them, in their order; <paramref name="Members"/> is how many there are.</param>
public sealed record CampaignPreview(
    string Hash,
    string Kind,
    string? Selector,
    string? Incident,
    bool RevokeFirst,
    int AtOnce,
    int PerProvider,
    int Members,
    long Seconds,
    IReadOnlyList<PreviewRisk> Risks,
    IReadOnlyList<PreviewProvider> Providers,
    IReadOnlyList<PreviewMember> Order,
    PreviewNotes NeedPeople,
    PreviewNotes CannotNow,
    PreviewNotes LeftOut);

/// <param name="Risk">Null for those without one.</param>
public sealed record PreviewRisk(string? Risk, int Members);

/// <param name="Seconds">How long its members take, side by side as the campaign allows.</param>
/// <param name="Known">False where no rotation there has ended yet, and the time is a guess.</param>
public sealed record PreviewProvider(string Provider, int Members, long Seconds, bool Known);

/// <param name="Exposure">In how many places the value stands.</param>
/// <param name="Note">What a person should know of it; null for nothing.</param>
public sealed record PreviewMember(int Place, string Secret, string Provider, string? Risk, int Exposure, long Seconds, string? Note);

/// <param name="Count">How many there are.</param>
/// <param name="First">The first of them.</param>
public sealed record PreviewNotes(int Count, IReadOnlyList<PreviewNote> First);

/// <param name="Why">For people.</param>
public sealed record PreviewNote(string Secret, string Why);
