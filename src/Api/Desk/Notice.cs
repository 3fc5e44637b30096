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

    /// <summary>It may settle by itself; no person has to act yet.</summary>
    public bool MayPass { get; init; }

    /// <summary>What the audit holds. Begins with the key, so that it is found again.</summary>
    public string Detail => $"{Key}: {Message}";
}
