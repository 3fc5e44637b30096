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
            SucceededAt = secret.SucceededAt,
            SucceededFrom = secret.SucceededFrom,
        };

    /// <summary>All that the ledger has, by name.</summary>
    public static IReadOnlyDictionary<string, SecretSchedule> All(IReadOnlyDictionary<string, SecretRecord> secrets) =>
        secrets.ToDictionary(pair => pair.Key, pair => Of(pair.Value, null), StringComparer.Ordinal);

    /// <summary>Which other secret one waits for. Reads what this answer needs, and no more.</summary>
    public static async Task<ScheduleHold?> HoldOfAsync(
        RotationCatalog? catalog, Policy policy, ILedger ledger, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (policy is { After: null, Group: null })
        {
            return null;
        }

        var others = (catalog?.Policies.Values ?? []).Where(other => other.Name == policy.Name || other.Name == policy.After?.Secret
            || (policy.Group is { } group && other.Group?.Name == group.Name));
        var schedules = new Dictionary<string, SecretSchedule>(StringComparer.Ordinal);
        foreach (var other in others)
        {
            if (await ledger.GetSecretAsync(other.Name, cancellationToken) is { } secret)
            {
                schedules[other.Name] = Of(secret, null);
            }
        }

        return new ScheduleHolds(catalog, schedules, now).Of(policy);
    }
}
