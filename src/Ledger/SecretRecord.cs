using Rotunda.Rotation.Words;

namespace Rotunda.Ledger;

/// <param name="ActiveRotationId">The open rotation; null if none.</param>
/// <param name="FailuresInARow">Rotations that ended other than succeeded since the last success (superseded ones do not count,
/// nor what a person cancelled or rejected).</param>
public sealed record SecretRecord(
    string Name,
    string Salt,
    int LastNumber,
    DateTimeOffset AdoptedAt,
    DateTimeOffset? LastRotatedAt,
    string? ActiveRotationId,
    int FailuresInARow,
    DateTimeOffset? LastFailedAt)
{
    private readonly HexText _salt = new(Salt);
    private readonly ShortTime _lastRotatedAt = new(LastRotatedAt);
    private readonly ShortTime _lastFailedAt = new(LastFailedAt);
    private readonly ShortTime _dueAgainAt;
    private readonly ShortTime _endsAt;
    private readonly ShortTime _endsFrom;
    private readonly ShortTime _succeededAt;
    private readonly ShortTime _succeededFrom;

    public string Salt { get => _salt.ToString(); init => _salt = new(value); }

    public DateTimeOffset? LastRotatedAt { get => _lastRotatedAt.Time; init => _lastRotatedAt = new(value); }

    public DateTimeOffset? LastFailedAt { get => _lastFailedAt.Time; init => _lastFailedAt = new(value); }

    /// <summary>The oldest rotation that people still have to look at; null if none.</summary>
    public string? ReviewOf { get; init; }

    /// <summary>Set where a person cancelled or rejected a rotation since the last success: when it is due again.</summary>
    public DateTimeOffset? DueAgainAt { get => _dueAgainAt.Time; init => _dueAgainAt = new(value); }

    /// <summary>What the last look at its targets and its provider found; null if none was taken.</summary>
    public DriftReport? Drift { get; init; }

    /// <summary>The last rotation that ended other than succeeded; null if none did.</summary>
    public string? LastFailedId { get; init; }

    /// <summary>The ledger knows the policy that it was last rotated by.</summary>
    public bool HasPolicy { get; init; }

    /// <summary>Its name by now; null while this one is.</summary>
    public string? RenamedTo { get; init; }

    /// <summary>When the credential in use ends by itself; null if it does not, or nothing tells.</summary>
    public DateTimeOffset? EndsAt { get => _endsAt.Time; init => _endsAt = new(value); }

    /// <summary>What is known of the credential in use as a lease; null if it is none. Its <see cref="EndsAt"/> is the latest that renewals
    /// bring it to.</summary>
    public LeaseState? Lease { get; init; }

    /// <summary>Since when the credential in use is known.</summary>
    public DateTimeOffset? EndsFrom { get => _endsFrom.Time; init => _endsFrom = new(value); }

    /// <summary>When the last rotation that succeeded was over; null if none did.</summary>
    public DateTimeOffset? SucceededAt { get => _succeededAt.Time; init => _succeededAt = new(value); }

    /// <summary>Since when the credential of that rotation is in use.</summary>
    public DateTimeOffset? SucceededFrom { get => _succeededFrom.Time; init => _succeededFrom = new(value); }

    /// <summary>How often it rotates, as the catalog last said; null if by another rule, or on request.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>How long before its end it is renewed, as the catalog last said; null for the usual time.</summary>
    public TimeSpan? RenewBefore { get; init; }
}
