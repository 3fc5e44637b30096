using System.Globalization;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.GitHub;

/// <summary>
/// The runs that earlier deliveries of the secret to this target have started. GitHub gave them those deliveries' values when they were
/// queued: one that ends late would carry a value on that was taken back since, or revoked. So before values are delivered again, on
/// the way there or back, they are cancelled, and waited for until GitHub says that they have ended.
/// </summary>
internal sealed class GitHubEarlierRuns(GitHubRuns runs, GitHubWorkflow workflow, ProviderCall call)
{
    /// <summary>A run that was just started may not be shown for so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>How long a list of runs may lag behind a dispatch whose answer was lost.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(10);

    /// <summary>GitHub ends a cancelled run after five minutes, whatever its steps do: the pauses together are longer.</summary>
    private static readonly TimeSpan[] Pauses = [.. new[] { 5, 15, 60, 120, 240 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

    /// <summary>From this attempt on, cancelling is not enough: steps with <c>if: always()</c> go on.</summary>
    private const int ForceFrom = 4;

    /// <exception cref="WebFailureException">RetryLater while one of them has not ended, or may not be shown yet.</exception>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        var earlier = SinceTheLastStart(await call.EarlierDeliveries(cancellationToken));
        var unsettled = earlier.Where(delivery => !delivery.IsSettled).ToList();
        Settle(unsettled);
        var (ours, others) = await UnderWayAsync(earlier, unsettled, cancellationToken);
        foreach (var run in ours)
        {
            await runs.CancelAsync(run.Id, call.Attempt >= ForceFrom, cancellationToken);
        }

        foreach (var run in ours)
        {
            if (await runs.FindAsync(run.Id, cancellationToken) is { IsCompleted: false } still)
            {
                throw Later(
                    $"An earlier delivery's run of {workflow.Name} is still '{still.Status}', although it is cancelled: {still.Link} "
                        + "What it carries is outdated, so nothing is delivered before it has ended.");
            }
        }

        if (others is { } other)
        {
            throw Later(
                $"The answer to an earlier delivery was lost, and the run of {workflow.Name} that is '{other.Status}' may have come of "
                    + $"it: {other.Link} It is waited for. (With 'syncMark' Rotunda knows its own runs, and cancels them.)");
        }
    }

    /// <summary>The newest ones down to the last that is known to have started a run: before it did, all older ones' had ended.</summary>
    private static List<EarlierDelivery> SinceTheLastStart(IReadOnlyList<EarlierDelivery> newestFirst)
    {
        var started = newestFirst.TakeWhile(delivery => !delivery.Facts.ContainsKey(GitHubProvider.MarkFact)).Count();
        return [.. newestFirst.Take(started + 1)];
    }

    /// <summary>Those of ours that have not ended, and one that may be ours.</summary>
    private async Task<(IReadOnlyList<GitHubRun> Ours, GitHubRun? Other)> UnderWayAsync(
        List<EarlierDelivery> earlier, List<EarlierDelivery> unsettled, CancellationToken cancellationToken)
    {
        var ours = new Dictionary<long, GitHubRun>();
        foreach (var delivery in earlier)
        {
            if (await RecordedAsync(delivery, cancellationToken) is { IsCompleted: false } run)
            {
                ours[run.Id] = run;
            }
        }

        if (workflow.Mark is null && unsettled.Count == 0)
        {
            return ([.. ours.Values], null);
        }

        var active = await runs.ActiveAsync(cancellationToken);
        var mark = GitHubMark.OfTarget(call);
        foreach (var run in active.Where(run => run.Title.Contains(mark, StringComparison.Ordinal)))
        {
            ours[run.Id] = run;
        }

        var since = unsettled.Count == 0 ? DateTimeOffset.MaxValue : unsettled.Min(delivery => delivery.BeganAt) - ClockDifference;
        return (
            [.. ours.Values],
            active.FirstOrDefault(run => !ours.ContainsKey(run.Id) && run.CreatedAt >= since && !GitHubMark.IsIn(run.Title)));
    }

    private async Task<GitHubRun?> RecordedAsync(EarlierDelivery delivery, CancellationToken cancellationToken)
    {
        if (!delivery.Facts.TryGetValue(GitHubProvider.RunIdFact, out var id))
        {
            return null;
        }

        return await runs.FindAsync(long.Parse(id, CultureInfo.InvariantCulture), cancellationToken) is { } run ? run
            : call.Time.GetUtcNow() - delivery.BeganAt < Patience
            ? throw Later(
                $"GitHub does not show the run {id} of {workflow.Name} yet, which an earlier delivery started: it must have ended before "
                    + "anything is delivered again.")
            : null;
    }

    private void Settle(List<EarlierDelivery> unsettled)
    {
        foreach (var delivery in unsettled)
        {
            var left = (delivery.EndedAt ?? delivery.BeganAt) + Settling - call.Time.GetUtcNow();
            if (left > TimeSpan.Zero)
            {
                throw new WebFailureException(StepOutcome.RetryLater(
                    $"The answer to an earlier delivery was lost, and it may have started {workflow.Name}: until GitHub would show that "
                        + "run, nothing is delivered again.",
                    left));
            }
        }
    }

    private WebFailureException Later(string why) =>
        new(StepOutcome.RetryLater(why, Pauses[Math.Clamp(call.Attempt, 1, Pauses.Length) - 1]));
}
