using Rotunda.Api.Views;
using Rotunda.Calendar.Due;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Api.Desk;

/// <summary>Tells which runs are to come, and what puts each off.</summary>
public sealed class NextDesk(ICatalogSource catalog, HoldReader reader, ILedger ledger, TimeProvider time)
{
    /// <returns>Null if the catalog does not have the secret.</returns>
    /// <param name="secret">Null for the runs of all.</param>
    public async Task<NextRuns?> ReadAsync(string? secret, int count, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var current = catalog.Current;
        var policies = secret is null ? [.. current?.Policies.Values ?? []]
            : current?.Policies.GetValueOrDefault(secret) is { } one ? new List<Policy> { one } : null;
        if (policies is null)
        {
            return null;
        }

        var secrets = await ledger.SecretsByNameAsync(cancellationToken);
        var holds = await reader.OfAllAsync(secrets, cancellationToken);
        var runs = policies.SelectMany(policy => Runs(policy, secrets.GetValueOrDefault(policy.Name), holds, now).Take(count));
        return new NextRuns(
            now,
            [.. runs.OrderBy(run => run.StartsAt ?? run.DueAt).ThenBy(run => run.Secret, StringComparer.Ordinal).Take(count)]);
    }

    private static IEnumerable<NextRun> Runs(Policy policy, SecretRecord? secret, ScheduleHolds holds, DateTimeOffset now) =>
        ComingRuns.Of(policy, holds.On(policy, Schedules.Of(secret, null)), now)
            .Select(run => new NextRun(policy.Name, run.DueAt, run.StartsAt, run.Why));
}
