using Rotunda.Activities.Drift;
using Rotunda.Ledger;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>
/// Looks at the targets and providers of secrets, one after the other: by schedule at those that were not looked at for a while, and
/// for a person at once. What it finds stays in the ledger, for the status and the notices.
/// </summary>
public sealed class DriftSweep(ICatalogSource catalog, DriftLook look, ILedger ledger, TimeProvider time)
{
    /// <summary>How often each secret is looked at by schedule.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>Looks at the secrets whose turn it is.</summary>
    /// <returns>How many were looked at.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var (done, now) = (0, time.GetUtcNow());
        foreach (var secret in await ledger.ListSecretsAsync(cancellationToken))
        {
            if (catalog.Current is { } current
                && current.Policies.TryGetValue(secret.Name, out var policy)
                && !(now - secret.Drift?.LookedAt < Every)
                && await look.LookAsync(current, policy, cancellationToken) is not null)
            {
                done++;
            }
        }

        return done;
    }

    /// <summary>Looks now.</summary>
    /// <param name="name">Null for all secrets of the catalog.</param>
    /// <returns>By name; a report of null where there is nothing to compare with. Null for an unknown secret.</returns>
    public async Task<IReadOnlyDictionary<string, DriftReport?>?> VerifyAsync(string? name, CancellationToken cancellationToken)
    {
        if (catalog.Current is not { } current || (name is not null && !current.Policies.ContainsKey(name)))
        {
            return null;
        }

        var found = new SortedDictionary<string, DriftReport?>(StringComparer.Ordinal);
        foreach (var policy in current.Policies.Values.Where(policy => name is null || policy.Name == name))
        {
            found[policy.Name] = await look.LookAsync(current, policy, cancellationToken);
        }

        return found;
    }
}
