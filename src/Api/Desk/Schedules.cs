using Rotunda.Calendar.Due;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>The ledger's view of a secret, as the scheduling rules take it.</summary>
internal static class Schedules
{
    public static SecretSchedule Of(SecretRecord? secret, RotationState? activeState) => secret is null
        ? new SecretSchedule(null, null)
        : new SecretSchedule(
            secret.AdoptedAt,
            secret.LastRotatedAt,
            secret.ActiveRotationId,
            activeState,
            secret.LastFailedAt,
            secret.FailuresInARow,
            secret.DueAgainAt)
        {
            EndsAt = secret.EndsAt,
            EndsFrom = secret.EndsFrom,
            Lease = secret.Lease,
            SucceededAt = secret.SucceededAt,
            SucceededFrom = secret.SucceededFrom,
        };

    /// <summary>All that the ledger has, by name.</summary>
    public static ScheduleDictionary<SecretRecord> All(IReadOnlyDictionary<string, SecretRecord> secrets) =>
        new(secrets, secret => Of(secret, null));

    /// <summary>What people have paused, for each secret the pause that ends last.</summary>
    public static PausedByPeople PausesOf(IReadOnlyList<PauseRecord> pauses) => policy =>
        pauses.Where(pause => pause.Scope.Covers(policy.Name, policy.Tags)).MaxBy(pause => pause.Until) is { } last
            ? new SchedulePause(last.Until, last.Reason, last.By)
            : null;
}
