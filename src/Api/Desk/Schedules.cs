using Rotunda.Ledger;
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
        };
}
