using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Rotunda.Activities.Drift;
using Rotunda.Activities.Listing;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>
/// Looks at the targets and providers of secrets, one after the other: by schedule at those that were not looked at for a while, and
/// for a person at once. What it finds stays in the ledger, for the status and the notices: what stands where, and what the provider lists
/// with our label that the ledger does not know.
/// </summary>
public sealed partial class DriftSweep(
    ICatalogSource catalog,
    DriftLook look,
    OrphanLook orphans,
    ILedger ledger,
    TimeProvider time,
    ILogger<DriftSweep> logger)
{
    /// <summary>When each secret's provider was last asked for its list. A head that starts asks anew.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _listed = new(StringComparer.Ordinal);

    /// <summary>How often each secret is looked at by schedule.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>Looks at the secrets whose turn it is.</summary>
    /// <returns>How many were looked at.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var (done, now) = (0, time.GetUtcNow());
        foreach (var secret in await ledger.ListSecretsAsync(cancellationToken))
        {
            if (catalog.Current is not { } current || !current.Policies.TryGetValue(secret.Name, out var policy))
            {
                continue;
            }

            if (!(_listed.TryGetValue(secret.Name, out var at) && now - at < Every))
            {
                await ListAsync(policy, cancellationToken);
            }

            if (!(now - secret.Drift?.LookedAt < Every)
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
            await ListAsync(policy, cancellationToken);
        }

        return found;
    }

    private async Task ListAsync(Policy policy, CancellationToken cancellationToken)
    {
        if (await orphans.LookAsync(policy, cancellationToken) is not { } report)
        {
            return;
        }

        _listed[policy.Name] = time.GetUtcNow();
        if (report.Problem is { } problem)
        {
            LogNotListed(policy.Name, problem);
        }
        else if (report.Found > 0)
        {
            LogFound(policy.Name, report.Found);
        }
    }

    [LoggerMessage(EventId = 4061, Level = LogLevel.Warning, Message = "What {Secret} has at its provider could not be listed: {Problem}")]
    private partial void LogNotListed(string secret, string problem);

    [LoggerMessage(
        EventId = 4062,
        Level = LogLevel.Warning,
        Message = "At the provider of {Secret} are {Count} credentials with our label that the ledger did not know: rotunda orphans")]
    private partial void LogFound(string secret, int count);
}
