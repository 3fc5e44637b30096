using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Scheduling;

/// <summary>What the ledger knows of a secret that matters for when it rotates.</summary>
/// <param name="AdoptedAt">Null while it is not adopted.</param>
/// <param name="LastRotatedAt">When a rotation of it last succeeded.</param>
/// <param name="ActiveRotationId">The rotation under way; null if there is none.</param>
/// <param name="ActiveState">Its state.</param>
/// <param name="LastFailedAt">When a scheduled rotation last ended without success.</param>
/// <param name="DueAgainAt">Set where a person stopped the last rotation: when it is due again.</param>
/// <param name="ConsecutiveFailures">Scheduled rotations without success since the last success.</param>
public sealed record SecretSchedule(
    DateTimeOffset? AdoptedAt,
    DateTimeOffset? LastRotatedAt,
    string? ActiveRotationId = null,
    RotationState? ActiveState = null,
    DateTimeOffset? LastFailedAt = null,
    int ConsecutiveFailures = 0,
    DateTimeOffset? DueAgainAt = null)
{
    /// <summary>The other secret that it waits for; null if it waits for none.</summary>
    public ScheduleHold? HeldBy { get; init; }

    /// <summary>When the last rotation that succeeded was over; null if none did.</summary>
    public DateTimeOffset? SucceededAt { get; init; }

    /// <summary>Since when its credential is in use.</summary>
    public DateTimeOffset? SucceededFrom { get; init; }

    /// <summary>What a person said by command; null for nothing.</summary>
    public SchedulePause? Paused { get; init; }

    /// <summary>Of the catalog's pause and a person's, the one that ends last.</summary>
    public SchedulePause? PauseOf(Policy policy) => Paused is { } own && !(policy.Paused?.Until > own.Until) ? own : policy.Paused;

    /// <summary>When the credential in use ends by itself; null if it does not, or nothing tells.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>What is known of the credential in use as a lease; null if it is none. Its <see cref="EndsAt"/> is the latest that renewals
    /// bring it to.</summary>
    public LeaseState? Lease { get; init; }

    /// <summary>Since when the credential in use is known.</summary>
    public DateTimeOffset? EndsFrom { get; init; }
}
