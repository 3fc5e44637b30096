using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>Something that a person should know.</summary>
/// <param name="Action">The audit's word: "notice." and the condition.</param>
/// <param name="Secret">A secret of the catalog, or a store's own name for one that is not in it.</param>
/// <param name="Key">What makes this condition one and the same, however often it is seen: a due time, a record's number.</param>
/// <param name="Message">For people; never a value.</param>
public sealed record Notice(string Action, string Secret, string? RotationId, string Key, string Message)
{
    public const string DueSoon = "notice.due-soon";
    public const string Overdue = "notice.overdue";
    public const string Stuck = "notice.stuck";
    public const string NotAdopted = "notice.not-adopted";
    public const string Drifted = "notice.drifted";
    public const string NotInCatalog = "notice.not-in-catalog";
    public const string NearExpiry = "notice.near-expiry";
    public const string NeedsApproval = "notice.needs-approval";
    public const string NeedsValue = "notice.needs-value";
    public const string Escalated = "notice.escalated";
    public const string Expired = "notice.expired";
    public const string CatalogBroken = "notice.catalog-broken";
    public const string CatalogMended = "notice.catalog-mended";
    public const string Failed = "notice.failed";
    public const string Succeeded = "notice.succeeded";
    public const string EmergencyOpened = "notice.emergency-opened";
    public const string EmergencyEnded = "notice.emergency-ended";
    public const string Change = "notice.change";
    public const string LeaseInDanger = "notice.lease-in-danger";

    public NoticeKind Kind => NoticeKinds.Of(Action) ?? throw new InvalidOperationException($"There is no notice {Action}.");

    /// <summary>What it is about, where a later notice tells the end of it; null where none does.</summary>
    public string? Condition { get; init; }

    /// <summary>What it asks for, as the plan's step; null where it asks nobody for an answer.</summary>
    public string? StepId { get; init; }

    /// <summary>Those whom the plan names for the answer: each gets one of their own where the catalog has their address.</summary>
    public IReadOnlyList<string> People { get; init; } = [];

    /// <summary>Channels that get it besides those of the routes.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>The line that it begins with; null for the kind's usual one.</summary>
    public string? Title { get; init; }

    /// <summary>The campaign that it is about, in the place of a secret; null for any other.</summary>
    public string? Campaign { get; init; }

    /// <summary>It tells the end of its condition.</summary>
    public bool Ends { get; init; }

    /// <summary>It may settle by itself; no person has to act yet.</summary>
    public bool MayPass { get; init; }

    /// <summary>What the audit holds. Begins with the key, so that it is found again.</summary>
    public string Detail => $"{Key}: {Message}";
}
