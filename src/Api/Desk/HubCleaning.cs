using Microsoft.Extensions.Logging;
using Rotunda.Activities.Orphans;
using Rotunda.Leaks.Run;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>How long a task hub keeps what has ended.</summary>
/// <param name="KeepEnded">From the end on.</param>
public sealed record HubCleaningOptions(TimeSpan KeepEnded)
{
    public static readonly TimeSpan KeepByDefault = TimeSpan.FromDays(90);

    /// <summary>Shorter than this, nobody could look at a failure's history.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromDays(1);
}

/// <summary>
/// Removes orchestrations that ended long ago from the task hub, which would grow for ever. Only those whose rotation is closed in
/// the ledger: that keeps the record, and an open rotation without an orchestration would be started again.
/// And notices that were sent, orphans that were revoked, and leaks that are settled.
/// </summary>
public sealed partial class HubCleaning(
    IOrchestrationClient client,
    ILedger ledger,
    HubCleaningOptions options,
    TimeProvider time,
    ILogger<HubCleaning> logger)
{
    private const int PageSize = 200;
    private static readonly OrchestrationStatus[] Ended =
        [OrchestrationStatus.Completed, OrchestrationStatus.Failed, OrchestrationStatus.Terminated];

    /// <returns>How many were removed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - options.KeepEnded;
        var removed = 0;
        foreach (var id in await OldAsync(before, cancellationToken))
        {
            // That a notice was told, or an orphan settled, is in the audit.
            if (id.StartsWith(NoticeNames.InstancePrefix, StringComparison.Ordinal)
                || await IsClosedCampaignAsync(id, cancellationToken)
                || id.StartsWith(OrphanOrchestration.InstancePrefix, StringComparison.Ordinal)
                || id.StartsWith(LeakNames.InstancePrefix, StringComparison.Ordinal)
                || id.StartsWith(LeakNames.AlertPrefix, StringComparison.Ordinal)
                || (await ledger.GetRotationAsync(id, cancellationToken) is { } rotation && rotation.State.IsFinal()))
            {
                removed += await client.PurgeAsync(new PurgeFilter(id, before), cancellationToken);
            }
        }

        if (removed > 0)
        {
            LogRemoved(removed, before);
        }

        return removed;
    }

    /// <summary>An open campaign without an orchestration would be started again.</summary>
    private async Task<bool> IsClosedCampaignAsync(string id, CancellationToken cancellationToken) =>
        id.Split(':') is ["campaign", var campaign, _]
        && await ledger.GetCampaignAsync(campaign, cancellationToken) is { } found
        && (found.EndedAt is not null || found.InstanceId != id);

    /// <summary>All of them before the first is removed: pages are of a hub that stands still.</summary>
    private async Task<List<string>> OldAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var old = new List<string>();
        string? token = null;
        do
        {
            var page =
                await client.QueryAsync(new OrchestrationQuery(Ended, PageSize: PageSize, ContinuationToken: token), cancellationToken);
            old.AddRange(page.Instances.Where(found => found.HasEnded && found.LastUpdatedAt < before).Select(found => found.InstanceId));
            token = page.ContinuationToken;
        }
        while (token is not null);
        return old;
    }

    [LoggerMessage(
        EventId = 4061,
        Level = LogLevel.Information,
        Message = "{Count} orchestrations that ended before {Before} were removed from the task hub; the ledger keeps the record")]
    private partial void LogRemoved(int count, DateTimeOffset before);
}
