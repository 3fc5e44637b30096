using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Rotunda.Files;
using Rotunda.Providers.Web;

namespace Rotunda.Providers.Targets.GitHub;

/// <summary>Starts a workflow and finds the run that came of it.</summary>
internal sealed class GitHubRuns(GitHubApi api, Uri root, GitHubWorkflow workflow)
{
    private const int PageSize = 100;
    private const int MostPages = 10;

    /// <summary>The list takes one of them at a time.</summary>
    private static readonly string[] Active = ["queued", "in_progress", "waiting", "pending", "requested"];

    /// <exception cref="WebFailureException">It cannot be seen, or is off.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var json = await api.ReadAsync(GitHubApi.Get(workflow.At(root, "workflows", workflow.File)), cancellationToken);
        var state = json["state"]?.GetValue<string>();
        GitHubTarget.Require(state == "active", $"The workflow {workflow.Name} is '{state}', so it cannot be started. Enable it.");
    }

    /// <summary>Starts it. A refusal for good is told, not thrown: by then the values are delivered.</summary>
    /// <exception cref="WebFailureException">It may have been started, or may be later.</exception>
    public async Task<GitHubDispatch> DispatchAsync(string mark, CancellationToken cancellationToken)
    {
        using var reply = await DispatchAsync(mark, tellRun: true, cancellationToken);
        if (reply.Status is not (400 or 422))
        {
            return Read(reply);
        }

        // Older servers refuse the question for the run's id, as they would an unknown input; and then know no id.
        using var again = await DispatchAsync(mark, tellRun: false, cancellationToken);
        return Read(again);
    }

    /// <summary>Null if GitHub does not show it: it was deleted, or only just started.</summary>
    /// <exception cref="WebFailureException">No answer.</exception>
    public async Task<GitHubRun?> FindAsync(long id, CancellationToken cancellationToken)
    {
        var request = GitHubApi.Get(workflow.At(root, "runs", Id(id)));
        using var reply = await api.ExchangeAsync(request, cancellationToken);
        return reply.Status == 404 ? null
            : !reply.IsSuccess ? throw api.Refusal(reply, GitHubApi.Hints)
            : Run(reply.Json() as JsonObject ?? throw api.Garbled(request), request);
    }

    /// <summary>Tells GitHub to end a run. Whether it has, the run says. One that ended meanwhile is fine.</summary>
    /// <param name="force">Also where its steps want to go on.</param>
    /// <exception cref="WebFailureException">No answer, or no right.</exception>
    public async Task CancelAsync(long id, bool force, CancellationToken cancellationToken)
    {
        if (!await EndAsync(id, force ? "force-cancel" : "cancel", cancellationToken) && !force)
        {
            // It has ended, or it never got so far that it can be cancelled in the usual way.
            await EndAsync(id, "force-cancel", cancellationToken);
        }
    }

    /// <summary>All runs that were started by hand or by API and have not ended.</summary>
    /// <exception cref="WebFailureException">No answer.</exception>
    public async Task<IReadOnlyList<GitHubRun>> ActiveAsync(CancellationToken cancellationToken)
    {
        var active = new Dictionary<long, GitHubRun>();
        foreach (var status in Active)
        {
            await foreach (var run in ListAsync($"status={status}", cancellationToken))
            {
                active[run.Id] = run;
            }
        }

        return [.. active.Values];
    }

    /// <summary>The run that shows the mark (the newest come first); null if there is none yet. Nobody else's run has it.</summary>
    public async Task<GitHubRun?> FindAsync(string mark, string since, CancellationToken cancellationToken)
    {
        await foreach (var run in ListAsync($"branch={Uri.EscapeDataString(workflow.Ref)}&created={Uri.EscapeDataString(">=" + since)}", cancellationToken))
        {
            if (run.Title.Contains(mark, StringComparison.Ordinal))
            {
                return run;
            }
        }

        return null;
    }

    private async IAsyncEnumerable<GitHubRun> ListAsync(string filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var page = 1; page <= MostPages; page++)
        {
            var query = $"event=workflow_dispatch&{filter}&per_page={PageSize}&page={page}";
            var request = GitHubApi.Get(new UriBuilder(workflow.At(root, "workflows", workflow.File, "runs")) { Query = query }.Uri);
            var json = await api.ReadAsync(request, cancellationToken);
            var runs = json["workflow_runs"] as JsonArray ?? throw api.Garbled(request);
            foreach (var run in runs.OfType<JsonObject>().Where(run => run["event"]?.GetValue<string>() == "workflow_dispatch"))
            {
                yield return Run(run, request);
            }

            if (runs.Count < PageSize)
            {
                yield break;
            }
        }
    }

    /// <returns>False if it cannot be ended so.</returns>
    private async Task<bool> EndAsync(long id, string how, CancellationToken cancellationToken)
    {
        // No change of this delivery: nothing is put anywhere, and doing it again does no harm.
        var request = new WebRequest(HttpMethod.Post, workflow.At(root, "runs", Id(id), how), Changes: false);
        using var reply = await api.ExchangeAsync(request, cancellationToken);
        return reply.IsSuccess || (reply.Status is 404 or 409 ? false : throw api.Refusal(reply, GitHubApi.Hints));
    }

    private async Task<WebReply> DispatchAsync(string mark, bool tellRun, CancellationToken cancellationToken)
    {
        var inputs = new JsonObject(workflow.Inputs.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        if (workflow.Mark is { } name)
        {
            inputs[name] = mark;
        }

        var body = new JsonObject { ["ref"] = workflow.Ref };
        if (inputs.Count > 0)
        {
            body["inputs"] = inputs;
        }

        if (tellRun)
        {
            body["return_run_details"] = true;
        }

        return await api.ExchangeAsync(GitHubApi.Send(HttpMethod.Post, workflow.At(root, "workflows", workflow.File, "dispatches"), body), cancellationToken);
    }

    private GitHubDispatch Read(WebReply reply)
    {
        if (reply.IsSuccess)
        {
            var json = reply.Json() as JsonObject;
            return json?["workflow_run_id"]?.GetValue<long>() is { } id ? new GitHubDispatch(Id(id), json["html_url"]?.GetValue<string>())
                : workflow.Mark is not null ? new GitHubDispatch()
                : new GitHubDispatch(Refused: "The server does not tell which run it started. Give the workflow an input, show it in its run-name, and name it in 'syncMark'.");
        }

        var failure = api.Refusal(reply, GitHubApi.Hints.With((422, $"Check that {workflow.File} has the trigger workflow_dispatch on {workflow.Ref}, and its inputs.")));
        return (reply.Status is 400 or 403 or 404 or 422 || (reply.Status == 401 && !api.CanRenew)) && api.LimitedFor(reply) is null ? new GitHubDispatch(Refused: failure.Message) : throw failure;
    }

    private GitHubRun Run(JsonObject json, WebRequest request) => json["id"]?.GetValue<long>() is { } id && json["html_url"]?.GetValue<string>() is { } link
        ? new GitHubRun(
            id, link, json["status"]?.GetValue<string>() ?? "unknown", json["conclusion"]?.GetValue<string>(), json["display_title"]?.GetValue<string>() ?? "",
            DateTimeOffset.TryParse(json["created_at"]?.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created) ? created : DateTimeOffset.MaxValue)
        : throw api.Garbled(request);

    private static string Id(long id) => id.ToString(CultureInfo.InvariantCulture);
}

/// <param name="RunId">Null if the server did not tell.</param>
/// <param name="Refused">Why nothing was started, nor will be; null if it was.</param>
internal sealed record GitHubDispatch(string? RunId = null, string? Link = null, string? Refused = null);

/// <param name="Link">Where people read its log.</param>
/// <param name="Title">As its run-name says.</param>
internal sealed record GitHubRun(long Id, string Link, string Status, string? Conclusion, string Title, DateTimeOffset CreatedAt)
{
    public bool IsCompleted => Status == "completed";
}
