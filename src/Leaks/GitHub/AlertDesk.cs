using System.Globalization;
using Microsoft.Extensions.Logging;
using Rotunda.Leaks.Run;
using Rotunda.Leaks.Views;
using Rotunda.Orchestration;
using Rotunda.Providers.Contract;

namespace Rotunda.Leaks.GitHub;

/// <summary>Where GitHub's webhooks come in. Who has no right signature is told nothing, also not whether any is awaited.</summary>
public sealed partial class AlertDesk(
    ILeakDesk desk, IReferenceResolver references, IOrchestrationClient client, ILogger<AlertDesk> logger)
{
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
            return null;
        }

        if (what != AlertWebhook.Event || AlertWebhook.Opened(body) is not var (repository, number))
        {
            return new AlertView("Nothing is to be done for this.");
        }

        await ScheduleAsync(new AlertInput(repository, number), cancellationToken);
        return new AlertView("The alert is looked after.");
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

    [LoggerMessage(EventId = 8101, Level = LogLevel.Warning, Message = "A webhook was turned away: {Problem}")]
    private partial void LogNoSecret(string problem);
}
