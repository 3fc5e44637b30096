namespace Rotunda.Rotation.Words;

/// <summary>The facts of each kind of notice: one place for the catalog, the docs and whoever tells them.</summary>
public static class NoticeKinds
{
    /// <summary>What begins the audit's action of a notice.</summary>
    public const string Prefix = "notice.";

    /// <summary>All that a route may name, the most pressing first.</summary>
    public static IReadOnlyList<NoticeFacts> All { get; } =
    [
        new(NoticeKind.Stuck, "stuck", NoticeSeverity.Urgent, "A rotation cannot go on, and needs a person."),
        new(NoticeKind.Failed, "failed", NoticeSeverity.Urgent, "A rotation failed, and everything was undone."),
        new(NoticeKind.EmergencyOpened, "emergency-opened", NoticeSeverity.Urgent, "An emergency rotation was started."),
        new(NoticeKind.LeakFound, "leak-found", NoticeSeverity.Urgent, "A value was found outside that works, and a person has to act."),
        new(NoticeKind.Overdue, "overdue", NoticeSeverity.Urgent, "A secret should have rotated, and no rotation has started."),
        new(
            NoticeKind.Escalated, "escalated", NoticeSeverity.Urgent,
            "Nobody has answered what a rotation asks for so long that others are told (`escalate`)."),
        new(
            NoticeKind.LeaseInDanger, "lease-in-danger", NoticeSeverity.Urgent,
            "A lease cannot be renewed, or has ended before the next one was in place."),
        new(NoticeKind.NeedsApproval, "needs-approval", NoticeSeverity.Warning, "A rotation waits for approval."),
        new(
            NoticeKind.NeedsValue, "needs-value", NoticeSeverity.Warning,
            "A rotation waits for a value that a person gives, or for a person to end the old one."),
        new(NoticeKind.Expired, "expired", NoticeSeverity.Warning, "Nobody answered in time, and the rotation was cancelled."),
        new(
            NoticeKind.CatalogBroken, "catalog-broken", NoticeSeverity.Warning,
            "The catalog cannot be used: the last good one stays in force."),
        new(NoticeKind.CatalogMended, "catalog-mended", NoticeSeverity.Warning, "The catalog can be used again."),
        new(NoticeKind.Drifted, "drifted", NoticeSeverity.Warning, "A target or provider differs from what the ledger says."),
        new(NoticeKind.NearExpiry, "near-expiry", NoticeSeverity.Warning, "A value in a vault expires, and nothing rotates it."),
        new(NoticeKind.NotAdopted, "not-adopted", NoticeSeverity.Warning, "A secret of the catalog cannot be adopted."),
        new(NoticeKind.NotInCatalog, "not-in-catalog", NoticeSeverity.Warning, "A secret left the catalog, and its credentials live."),
        new(NoticeKind.EmergencyEnded, "emergency-ended", NoticeSeverity.Warning, "An emergency rotation has ended."),
        new(NoticeKind.CampaignBegun, "campaign-begun", NoticeSeverity.Warning, "A campaign was started: many rotations for one reason."),
        new(
            NoticeKind.CampaignNeedsPeople, "campaign-needs-people", NoticeSeverity.Warning,
            "Rotations of a campaign wait for people, or are stuck."),
        new(NoticeKind.CampaignEnded, "campaign-ended", NoticeSeverity.Warning, "A campaign is done, or was stopped."),
        new(NoticeKind.LeakDead, "leak-dead", NoticeSeverity.Warning, "A value that was found outside works no more."),
        new(NoticeKind.Change, "change", NoticeSeverity.Calm, "A scheduled rotation comes (`before`)."),
        new(NoticeKind.DueSoon, "due-soon", NoticeSeverity.Calm, "A secret is due in the next days."),
        new(NoticeKind.Succeeded, "succeeded", NoticeSeverity.Calm, "A rotation succeeded."),
    ];

    /// <summary>The severities as the catalog has them.</summary>
    public static IReadOnlyDictionary<string, NoticeSeverity> Severities { get; } =
        new Dictionary<string, NoticeSeverity>(StringComparer.Ordinal)
        {
            ["calm"] = NoticeSeverity.Calm,
            ["warning"] = NoticeSeverity.Warning,
            ["urgent"] = NoticeSeverity.Urgent,
        };

    /// <summary>Digests and tests are calm.</summary>
    public static NoticeSeverity SeverityOf(NoticeKind kind) => All.FirstOrDefault(facts => facts.Kind == kind)?.Severity ?? default;

    /// <summary>As people read it.</summary>
    public static string NameOf(NoticeKind kind) => kind switch
    {
        NoticeKind.Digest => "digest",
        NoticeKind.Test => "test",
        _ => All.First(facts => facts.Kind == kind).Name,
    };

    /// <summary>As people read it.</summary>
    public static string NameOf(NoticeSeverity severity) => Severities.First(pair => pair.Value == severity).Key;

    /// <summary>The kind behind an audit's action; null for one that is no notice.</summary>
    public static NoticeKind? Of(string action) => All.FirstOrDefault(facts => Prefix + facts.Name == action)?.Kind;
}

/// <summary>What holds for each notice of a kind.</summary>
/// <param name="Name">As in the catalog, and behind "notice." in the audit.</param>
/// <param name="Meaning">One sentence.</param>
public sealed record NoticeFacts(NoticeKind Kind, string Name, NoticeSeverity Severity, string Meaning);
