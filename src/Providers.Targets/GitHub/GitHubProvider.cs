using System.Globalization;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.GitHub;

internal sealed class GitHubProvider : IProvider, IDeliverValues, IConfirmSync, ILookAtTarget, IValidateSetup, IDisposable
{
    // Of the delivery's facts: how the step that waits knows what it waits for.
    private const string PrimaryFact = "primary";
    private const string SecondaryFact = "secondary";
    private const string RunFact = "run";
    internal const string RunIdFact = "syncRun";
    private const string WrittenAfterFact = "writtenAfter";
    internal const string MarkFact = "syncMark";
    private const string SinceFact = "syncSince";
    private const string RefusedFact = "syncRefused";
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ServersDifference = TimeSpan.FromSeconds(5);
    private readonly WebClients _clients = new();
    private readonly GitHubTokens _tokens = new();

    public ProviderDescriptor Descriptor => GitHubDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) => WebGuard.OutcomeAsync(async () =>
    {
        var target = GitHubTarget.Of(call.Settings);
        var session = _clients.Begin(call, "GitHub");
        var secrets = await SecretsAsync(session, call, target, cancellationToken);
        await secrets.PublicKeyAsync(cancellationToken);
        var fresh = new List<string>();
        foreach (var name in target.Keys.Keys)
        {
            if (await secrets.FindAsync(name, cancellationToken) is null)
            {
                fresh.Add(name);
            }
        }

        if (await RunsAsync(session, call, target, cancellationToken) is { } runs)
        {
            await runs.CheckAsync(cancellationToken);
        }

        return StepOutcome.Done(
            ("secrets", $"{string.Join(", ", target.Keys.Keys)} of {target.Where}"),
            ("new", fresh.Count == 0 ? null : string.Join(", ", fresh)),
            ("workflow", target.Sync?.Name));
    });

    /// <summary>Always null: nothing can be read there.</summary>
    public Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken) => Task.FromResult<SecretValue?>(null);

    public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () =>
        {
            var target = GitHubTarget.Of(call.Settings);
            var rendered = target.Render(values);
            try
            {
                return await DeliverAsync(call, target, rendered, values, cancellationToken);
            }
            finally
            {
                foreach (var value in rendered.Values)
                {
                    value.Dispose();
                }
            }
        });

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) => Task.FromResult(
        StepOutcome.Rejected(
            "GitHub does not show what a secret held, so it cannot be put back. Bring the value in use there again with: rotunda deliver "
                + "SECRET"));

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () =>
        {
            var target = GitHubTarget.Of(call.Settings);
            var session = _clients.Begin(call, "GitHub");
            if (call.Delivery.GetValueOrDefault(PrimaryFact) != expected.Primary.Fingerprint
                || call.Delivery.GetValueOrDefault(SecondaryFact) != expected.Secondary?.Fingerprint)
            {
                return StepOutcome.RetryLater($"What was delivered last to {target.Where} is something else, or nothing was.");
            }

            return target.Sync is null
                ? await StandingAsync(call, await SecretsAsync(session, call, target, cancellationToken), target, cancellationToken)
                : await FollowAsync(call, target.Sync, (await RunsAsync(session, call, target, cancellationToken))!, cancellationToken);
        });

    /// <summary>GitHub never shows a value, only when it was written: later than our delivery, and someone else wrote it.</summary>
    public Task<StepOutcome> LookAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () =>
        {
            var target = GitHubTarget.Of(call.Settings);
            var secrets = await SecretsAsync(_clients.Begin(call, "GitHub"), call, target, cancellationToken);
            var written = MomentOf(call.Delivery.GetValueOrDefault(WrittenAfterFact));
            foreach (var name in target.Keys.Keys)
            {
                if (await secrets.FindAsync(name, cancellationToken) is not { } standing)
                {
                    return StepOutcome.Missing($"{target.Where} has no secret {name}.");
                }

                if (standing.UpdatedAt > written + ClockDifference)
                {
                    return StepOutcome.Differs(
                        $"The secret {name} of {target.Where} was written at {standing.UpdatedAt:yyyy-MM-dd HH:mm:ss}, after our last "
                            + $"delivery at {written:yyyy-MM-dd HH:mm:ss}: by someone else.");
                }
            }

            return StepOutcome.RetryLater(written is null
                ? "GitHub does not show what a secret holds, and nothing was delivered there yet that could tell when it was written."
                : "GitHub does not show what a secret holds. It was not written since our last delivery.");
        });

    public void Dispose() => _clients.Dispose();

    private async Task<StepOutcome> DeliverAsync(
        ProviderCall call,
        GitHubTarget target,
        Dictionary<string, SecretValue> rendered,
        DeliveredValues values,
        CancellationToken cancellationToken)
    {
        var session = _clients.Begin(call, "GitHub");
        var secrets = await SecretsAsync(session, call, target, cancellationToken);
        var runs = await RunsAsync(session, call, target, cancellationToken);
        if (runs is not null)
        {
            await new GitHubEarlierRuns(runs, target.Sync!, call).EndAsync(cancellationToken);
        }

        var key = await secrets.PublicKeyAsync(cancellationToken);
        var standings = new Dictionary<string, GitHubStanding?>(StringComparer.Ordinal);
        foreach (var name in target.IsOrganization ? rendered.Keys : Enumerable.Empty<string>())
        {
            standings[name] = await secrets.FindAsync(name, cancellationToken);
        }

        foreach (var (name, value) in rendered)
        {
            await secrets.PutAsync(name, value, key, standings.GetValueOrDefault(name), cancellationToken);
        }

        // A mark of its own each time: a run that an earlier delivery started may have been given the values before.
        var mark = GitHubMark.New(call);
        var dispatch = runs is null ? null : await runs.DispatchAsync(mark, cancellationToken);
        return StepOutcome.Done(
            (PrimaryFact, values.Primary.Fingerprint),
            (SecondaryFact, values.Secondary?.Fingerprint),
            ("secrets", $"{string.Join(", ", rendered.Keys)} of {target.Where}"),
            (WrittenAfterFact, key.ToldAt?.ToString("O", CultureInfo.InvariantCulture)),
            (RunFact, dispatch?.Link),
            (RunIdFact, dispatch?.RunId),
            (MarkFact, dispatch is null ? null : mark),
            (RefusedFact, dispatch?.Refused),
            (
                SinceFact,
                dispatch is null
                    ? null
                    : (call.Time.GetUtcNow() - ClockDifference).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
    }

    private static async Task<StepOutcome> StandingAsync(
        ProviderCall call,
        GitHubSecrets secrets,
        GitHubTarget target,
        CancellationToken cancellationToken)
    {
        // By GitHub's own clock, as its answer before the first write told it.
        var written = MomentOf(call.Delivery.GetValueOrDefault(WrittenAfterFact)) - ServersDifference;
        var updated = new List<string>();
        foreach (var name in target.Keys.Keys)
        {
            if (await secrets.FindAsync(name, cancellationToken) is not { } standing)
            {
                return StepOutcome.RetryLater($"GitHub does not show the secret {name} of {target.Where} yet.");
            }

            var at = standing.UpdatedAt?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            if (standing.UpdatedAt < written)
            {
                return StepOutcome.RetryLater($"GitHub shows the secret {name} of {target.Where} as of {at}, from before it was written.");
            }

            updated.Add($"{name} {at}");
        }

        return StepOutcome.Done(("updatedAt", string.Join(", ", updated)));
    }

    private static DateTimeOffset? MomentOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;

    private static async Task<StepOutcome> FollowAsync(
        ProviderCall call,
        GitHubWorkflow workflow,
        GitHubRuns runs,
        CancellationToken cancellationToken)
    {
        if (call.Delivery.TryGetValue(RefusedFact, out var refused))
        {
            return StepOutcome.Rejected($"The workflow {workflow.Name} was not started: {refused}");
        }

        if (!call.Delivery.TryGetValue(MarkFact, out var mark) || !call.Delivery.TryGetValue(SinceFact, out var since))
        {
            return StepOutcome.Rejected(
                $"The last delivery started no workflow (it was made without one). Start {workflow.Name} by hand if need be, and "
                    + "rotate again.");
        }

        var id = call.Delivery.GetValueOrDefault(RunIdFact);
        var run = id is null
            ? await runs.FindAsync(mark, since, cancellationToken)
            : await runs.FindAsync(long.Parse(id, CultureInfo.InvariantCulture), cancellationToken);
        if (run is null)
        {
            var waited = call.Time.GetUtcNow() - DateTimeOffset.Parse(since, CultureInfo.InvariantCulture) - ClockDifference;
            if (id is not null)
            {
                return waited < GitHubEarlierRuns.Patience ? StepOutcome.RetryLater(
                    $"GitHub does not show the run {id} of {workflow.Name} yet, which it said it started.")
                    : StepOutcome.Rejected(
                        $"GitHub does not show the run {id} of {workflow.Name}, which it started {waited.TotalMinutes:0} minutes ago: it "
                            + "was deleted, or the token may not see it any more. Start the workflow by hand if need be, and rotate "
                            + "again.");
            }

            return StepOutcome.RetryLater(waited < GitHubEarlierRuns.Patience ? $"No run of {workflow.Name} shows the mark {mark} yet."
                : $"No run of {workflow.Name} has shown the mark {mark} for {waited.TotalMinutes:0} minutes. Does its run-name have "
                    + $"${{{{ inputs.{workflow.Mark} }}}}?");
        }

        return (run.Status, run.Conclusion) switch
        {
            ("completed", "success") => StepOutcome.Done((RunFact, run.Link), ("conclusion", run.Conclusion)),
            ("completed", { } conclusion) =>
                StepOutcome.Rejected($"The run of {workflow.Name} ended with '{conclusion}'. See its log: {run.Link}"),
            _ => StepOutcome.RetryLater($"The run of {workflow.Name} is '{run.Status}': {run.Link}"),
        };
    }

    private async Task<GitHubSecrets> SecretsAsync(
        WebSession session,
        ProviderCall call,
        GitHubTarget target,
        CancellationToken cancellationToken)
    {
        var permission = (target.IsOrganization, target.Environment is not null, target.Area) switch
        {
            (_, true, _) => "environments",
            (true, _, GitHubDescriptor.DefaultArea) => "organization_secrets",
            (false, _, GitHubDescriptor.DefaultArea) => "secrets",
            (true, _, var area) => $"organization_{area}_secrets",
            (false, _, var area) => $"{area}_secrets",
        };
        return new GitHubSecrets(
            await _tokens.OpenAsync(session, target.Root, call.Settings, permission, target.Repository, cancellationToken),
            target);
    }

    private async Task<GitHubRuns?> RunsAsync(
        WebSession session,
        ProviderCall call,
        GitHubTarget target,
        CancellationToken cancellationToken) =>
        target.Sync is not { } sync ? null
            : new GitHubRuns(
                await _tokens.OpenAsync(session, target.Root, call.Settings, "actions", sync.Repository, cancellationToken),
                target.Root,
                sync);
}
