using Rotunda.Calendar.Due;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Api.Desk;

/// <summary>Reads what keeps secrets from starting beside their own schedule.</summary>
public sealed class HoldReader(ICatalogSource catalog, ILedger ledger, IOrchestrationClient client, TimeProvider time)
{
    /// <summary>More are not read one by one.</summary>
    private const int Few = 50;

    private readonly ChangeHolds _changes = new(ledger, client);

    internal Task<ScheduleHolds> OfAllAsync(IReadOnlyDictionary<string, SecretRecord> secrets, CancellationToken cancellationToken) =>
        OfAsync(catalog.Current?.Policies.Values ?? [], secrets, cancellationToken);

    /// <summary>Reads what one secret's answer needs, and no more.</summary>
    /// <param name="itself">As the ledger has it; null if it is not in there.</param>
    internal async Task<ScheduleHolds> OfOneAsync(Policy policy, SecretRecord? itself, CancellationToken cancellationToken)
    {
        var needed = NeededFor([policy]);
        if (needed.Count > Few)
        {
            return await OfSomeAsync([policy], await ledger.SecretsByNameAsync(cancellationToken), cancellationToken);
        }

        var secrets = new Dictionary<string, SecretRecord>(StringComparer.Ordinal);
        foreach (var other in needed)
        {
            if ((ReferenceEquals(other, policy) ? itself : await ledger.GetSecretAsync(other.Name, cancellationToken)) is { } secret)
            {
                secrets[other.Name] = secret;
            }
        }

        return await OfAsync(needed, secrets, cancellationToken);
    }

    /// <summary>For a few of all: no more is looked at than their answers need.</summary>
    internal Task<ScheduleHolds> OfSomeAsync(
        IReadOnlyCollection<Policy> policies, IReadOnlyDictionary<string, SecretRecord> all, CancellationToken cancellationToken)
    {
        var needed = NeededFor(policies);
        var secrets = needed.Select(policy => all.GetValueOrDefault(policy.Name)).OfType<SecretRecord>()
            // A catalog that came into force meanwhile has others of the same names.
            .DistinctBy(secret => secret.Name);
        return OfAsync(needed, secrets.ToDictionary(secret => secret.Name, StringComparer.Ordinal), cancellationToken);
    }

    /// <summary>These, those that come before them, and the other members of their groups.</summary>
    private HashSet<Policy> NeededFor(IReadOnlyCollection<Policy> policies)
    {
        var needed = new HashSet<Policy>(policies, ReferenceEqualityComparer.Instance);
        foreach (var policy in policies)
        {
            if (policy.After is { } after && catalog.Current?.Policies.GetValueOrDefault(after.Secret) is { } first)
            {
                needed.Add(first);
            }

            needed.UnionWith(policy.Group is { } group ? GroupMembers.Of(catalog.Current).Of(group.Name) : []);
        }

        return needed;
    }

    private async Task<ScheduleHolds> OfAsync(
        IEnumerable<Policy> policies, IReadOnlyDictionary<string, SecretRecord> secrets, CancellationToken cancellationToken)
    {
        var (current, now) = (catalog.Current, time.GetUtcNow());
        var changes = new Dictionary<string, ScheduleHold>(StringComparer.Ordinal);
        foreach (var policy in policies)
        {
            if (current?.Notices is { Before: not null } notices && secrets.TryGetValue(policy.Name, out var secret)
                && await _changes.OfAsync(notices, policy, secret, now, cancellationToken) is { } hold)
            {
                changes[policy.Name] = hold;
            }
        }

        var pauses = Schedules.PausesOf(await ledger.ListPausesAsync(cancellationToken));
        return new ScheduleHolds(current, Schedules.All(secrets), pauses, now) { Changes = changes };
    }
}
