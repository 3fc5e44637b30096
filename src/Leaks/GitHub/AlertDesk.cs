using System.Globalization;
using Microsoft.Extensions.Logging;
using Rotunda.Leaks.Run;
using Rotunda.Leaks.Views;
using Rotunda.Orchestration;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Leaks.GitHub;

/// <summary>Where GitHub's webhooks come in. Who has no right signature is told nothing, also not whether any is awaited, or could be
/// checked: that is told to those who run Rotunda.</summary>
public sealed partial class AlertDesk(
    ILeakDesk desk, IReferenceResolver references, IOrchestrationClient client, ILogger<AlertDesk> logger)
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private volatile Recent? _recent;

    /// <summary>The day on which people were told that webhooks cannot be checked; null while they can.</summary>
    private volatile string? _told;

    /// <param name="what">The header X-GitHub-Event.</param>
    /// <returns>Null for one that is not signed as the catalog says.</returns>
    public async Task<AlertView?> TakeAsync(
        ReadOnlyMemory<byte> body, string? what, string? signature, CancellationToken cancellationToken)
    {
        if (desk.Catalog?.Leaks?.GitHub is not { } github)
        {
            return null;
        }

        if (!AlertWebhook.IsSignature(signature))
        {
            // Nothing is asked outside for whoever does not even look like GitHub.
            return null;
        }

        try
        {
            using var secret = await references.ResolveAsync(github.Secret, cancellationToken);
            if (!AlertWebhook.IsSigned(body.Span, signature, secret))
            {
                return null;
            }
        }
        catch (OutcomeException problem)
        {
            LogNoSecret(problem.Message);
            await TellAsync(problem.Message, cancellationToken);
            return null;
        }

        await TellAsync(null, cancellationToken);

        if (what != AlertWebhook.Event || AlertWebhook.Opened(body) is not var (repository, number))
        {
            return new AlertView("Nothing is to be done for this.");
        }

        await ScheduleAsync(new AlertInput(repository, number) { At = desk.Now }, cancellationToken);
        return new AlertView("The alert is looked after.");
    }

    /// <summary>As <see cref="ProblemsAsync"/>, for whoever asks often: up to a minute old, and within some seconds.</summary>
    public async Task<IReadOnlyList<string>> RecentProblemsAsync(CancellationToken cancellationToken)
    {
        if (_recent is var (at, known) && desk.Now - at is var age && age >= TimeSpan.Zero && age < s_fresh)
        {
            return known;
        }

        IReadOnlyList<string> problems;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_patience);
        try
        {
            problems = await ProblemsAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            problems = ["Whether alerts of GitHub can be taken is not known: what holds the secret or the token of 'leaks.github' does not "
                + "answer. See: rotunda doctor"];
        }

        _recent = new Recent(desk.Now, problems);
        return problems;
    }

    /// <summary>Why alerts could not be checked or read now, in words; empty if nothing is known to be wrong.</summary>
    public async Task<IReadOnlyList<string>> ProblemsAsync(CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (var reference in desk.Catalog?.Leaks?.GitHub is { } github ? new[] { github.Secret, github.Token } : [])
        {
            try
            {
                (await references.ResolveAsync(reference, cancellationToken)).Dispose();
            }
            catch (OutcomeException problem)
            {
                problems.Add($"Alerts of GitHub cannot be taken: {problem.Message}");
            }
        }

        return problems;
    }

    /// <summary>People are told once a day while webhooks are turned away for want of their own secret, and when that is over.</summary>
    /// <param name="why">Null where the secret could be read.</param>
    private async Task TellAsync(string? why, CancellationToken cancellationToken)
    {
        var (before, today) = (_told, desk.Now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (why is null ? before is null : before == today)
        {
            return;
        }

        var (title, message) = why is null
            ? ("Webhooks of GitHub can be checked again", "The webhook's secret could be read. Alerts that were turned away meanwhile")
            : ("A webhook of GitHub was turned away", $"The webhook's own secret cannot be read: {why} Alerts that come now are lost, and");
        await desk.SendAsync(
            new LeakNotice(
                NoticeKind.LeakFound, "", null, "webhook of GitHub alerts", title,
                $"{message} are not sent again by themselves: send them again at GitHub, Settings, Webhooks, Recent Deliveries.")
            {
                Episode = why is null ? before : today, Ends = why is null,
            },
            cancellationToken);
        _told = why is null ? null : today;
    }

    /// <summary>One that was reopened after its end is looked after anew; one that GitHub sends twice is not.</summary>
    private async Task ScheduleAsync(AlertInput input, CancellationToken cancellationToken)
    {
        var place = input.Repository.ToLowerInvariant().Replace('/', ':');
        var id = string.Create(CultureInfo.InvariantCulture, $"{LeakNames.AlertPrefix}github:{place}:{input.Number}");
        if (await client.GetAsync(id, withInputsAndOutputs: false, cancellationToken) is { HasEnded: true })
        {
            await client.PurgeAsync(new PurgeFilter(id), cancellationToken);
        }

        try
        {
            await client.ScheduleNewAsync(LeakNames.AlertOrchestration, input, new StartOptions(id), cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // It is looked after already.
        }
    }

    private sealed record Recent(DateTimeOffset At, IReadOnlyList<string> Problems);

    [LoggerMessage(EventId = 8101, Level = LogLevel.Warning, Message = "A webhook was turned away: {Problem}")]
    private partial void LogNoSecret(string problem);
}
