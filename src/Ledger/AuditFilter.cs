namespace Rotunda.Ledger;

/// <summary>Which rows of the audit are wanted.</summary>
/// <param name="AfterSequence">From behind this sequence number.</param>
public sealed record AuditFilter(long AfterSequence = 0, string? Secret = null, string? RotationId = null, int Limit = 1000)
{
    /// <summary>Newest first, from before this sequence number; null for oldest first.</summary>
    public long? BeforeSequence { get; init; }
}

/// <param name="BrokenAt">The first row that does not fit; null if all do.</param>
public sealed record AuditVerification(bool Intact, long Rows, string HeadHash, long? BrokenAt, string? Problem);
