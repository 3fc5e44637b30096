using System.Globalization;
using System.Runtime.CompilerServices;
using Octokit;
using Rotunda.Providers.Web;

namespace Rotunda.Providers.Targets.GitHub;

/// <summary>Starts a workflow and finds the run that came of it.</summary>
internal sealed class GitHubRuns(GitHubApi api, Uri root, GitHubWorkflow workflow)
{
    private const string Dispatched = "workflow_dispatch";
    private const int PageSize = 100;
    private const int MostPages = 10;

    /// <summary>The list takes one of them at a time.</summary>
    private static readonly string[] Active = ["queued", "in_progress", "waiting", "pending", "requested"];

    /// <exception cref="WebFailureException">It cannot be seen, or is off.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var found = await api.CallAsync(
            async github => await github.Actions.Workflows.Get(workflow.Owner, workflow.Repository, workflow.File), cancellationToken);
        var state = found.State.StringValue;
        GitHubTarget.Require(state == "active", $"The workflow {workflow.Name} is '{state}', so it cannot be started. Enable it.");
    }

    /// <summary>Starts it. A refusal for good is told, not thrown: by then the values are delivered.</summary>
    /// <exception cref="WebFailureException">It may have been started, or may be later.</exception>
    public Task<GitHubDispatch> DispatchAsync(string mark, CancellationToken cancellationToken) =>
        DispatchAsync(mark, tellRun: true, cancellationToken);

    /// <summary>Null if GitHub does not show it: it was deleted, or only just started.</summary>
    /// <exception cref="WebFailureException">No answer.</exception>
    public Task<GitHubRun?> FindAsync(long id, CancellationToken cancellationToken) => api.FindAsync(
        async github => Run(await github.Actions.Workflows.Runs.Get(workflow.Owner, workflow.Repository, id)), cancellationToken);

    /// <summary>Tells GitHub to end a run. Whether it has, the run says. One that ended meanwhile is fine.</summary>
    /// <param name="force">Also where its steps want to go on.</param>
    /// <exception cref="WebFailureException">No answer, or no right.</exception>
    public async Task CancelAsync(long id, bool force, CancellationToken cancellationToken)
    {
        if (!await EndAsync(id, force, cancellationToken) && !force)
        {
            // It has ended, or it never got so far that it can be cancelled in the usual way.
            await EndAsync(id, force: true, cancellationToken);
        }
    }

    /// <summary>All runs that were started by hand or by API and have not ended.</summary>
    /// <exception cref="WebFailureException">No answer.</exception>
    public async Task<IReadOnlyList<GitHubRun>> ActiveAsync(CancellationToken cancellationToken)
    {
        var active = new Dictionary<long, GitHubRun>();
        foreach (var status in Active)
        {
            await foreach (var run in ListAsync(new() { Event = Dispatched, Status = new(status) }, cancellationToken))
            {
                active[run.Id] = run;
            }
        }

        return [.. active.Values];
    }

    /// <summary>The run that shows the mark (the newest come first); null if there is none yet. Nobody else's run has it.</summary>
    public async Task<GitHubRun?> FindAsync(string mark, string since, CancellationToken cancellationToken)
    {
        var filter = new WorkflowRunsRequest { Event = Dispatched, Branch = workflow.Ref, Created = ">=" + since };
        await foreach (var run in ListAsync(filter, cancellationToken))
        {
            if (run.Title.Contains(mark, StringComparison.Ordinal))
            {
                return run;
            }
        }

        return null;
    }

    /// <summary>Page by page, as most often the first has what is looked for.</summary>
    private async IAsyncEnumerable<GitHubRun> ListAsync(
        WorkflowRunsRequest filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var page = 1; page <= MostPages; page++)
        {
            var options = new ApiOptions { PageSize = PageSize, PageCount = 1, StartPage = page };
            var runs = await api.CallAsync(
                async github => RunsOf(
                    await github.Actions.Workflows.Runs.ListByWorkflow(
                        workflow.Owner,
                        workflow.Repository,
                        workflow.File,
                        filter,
                        options)),
                cancellationToken);
            foreach (var (run, how) in runs)
            {
                if (how == Dispatched)
                {
                    yield return run;
                }
            }

            if (runs.Count < PageSize)
            {
                yield break;
            }
        }
    }

    /// <returns>False if it cannot be ended so.</returns>
    private async Task<bool> EndAsync(long id, bool force, CancellationToken cancellationToken)
    {
        try
        {
            await api.CallAsync<object>(
                async github =>
                {
                    await (force ? github.Connection.Post(workflow.At(root, "runs", Id(id), "force-cancel"))
                        : github.Actions.Workflows.Runs.Cancel(workflow.Owner, workflow.Repository, id));
                    return id;
                },
                cancellationToken);
            return true;
        }
        catch (WebFailureException refused) when (refused.Status is 404 or 409)
        {
            return false;
        }
    }

    private async Task<GitHubDispatch> DispatchAsync(string mark, bool tellRun, CancellationToken cancellationToken)
    {
        try
        {
            return await StartAsync(mark, tellRun, cancellationToken);
        }
        catch (WebFailureException refused) when (tellRun && refused.Status is 400 or 422)
        {
            // Older servers refuse the question for the run's id, as they would an unknown input; and then know no id.
            return await DispatchAsync(mark, tellRun: false, cancellationToken);
        }
        catch (WebFailureException refused) when (refused.Status is 400 or 401 or 403 or 404 or 422)
        {
            return new GitHubDispatch(Refused: refused.Message);
        }
    }

    private Task<GitHubDispatch> StartAsync(string mark, bool tellRun, CancellationToken cancellationToken)
    {
        var inputs = workflow.Inputs.ToDictionary(pair => pair.Key, pair => (object)pair.Value);
        if (workflow.Mark is { } name)
        {
            inputs[name] = mark;
        }

        var wish = new GitHubTellingDispatch(workflow.Ref)
        {
            Inputs = inputs.Count > 0 ? inputs : null,
            ReturnRunDetails = tellRun ? true : null,
        };
        return api.CallAsync<GitHubDispatch>(
            async github =>
            {
                // Octokit's CreateDispatch throws the answer away.
                var address = workflow.At(root, "workflows", workflow.File, "dispatches");
                var started = (await github.Connection.Post<GitHubStarted>(address, wish, null, null)).Body;
                return started?.WorkflowRunId is { } id ? new GitHubDispatch(Id(id), started.HtmlUrl)
                    : workflow.Mark is not null ? new GitHubDispatch()
                    : new GitHubDispatch(Refused: "The server does not tell which run it started. "
                        + "Give the workflow an input, show it in its run-name, and name it in 'syncMark'.");
            },
            cancellationToken,
            GitHubApi.Hints.With(
                (422, $"Check that {workflow.File} has the trigger workflow_dispatch on {workflow.Ref}, and its inputs.")));
    }

    /// <summary>Null if one of them lacks something.</summary>
    private static List<(GitHubRun Run, string How)>? RunsOf(WorkflowRunsResponse answer)
    {
        var runs = answer.WorkflowRuns.Select(run => (Run: Run(run), How: run.Event)).ToList();
        return runs.Exists(run => run.Run is null) ? null : [.. runs.Select(run => (run.Run!, run.How))];
    }

    /// <summary>Null if it lacks something.</summary>
    private static GitHubRun? Run(WorkflowRun run) => run.Id == 0 || run.HtmlUrl is null ? null : new GitHubRun(
        run.Id, run.HtmlUrl, run.Status.StringValue ?? "unknown", run.Conclusion?.StringValue, run.DisplayTitle ?? "",
        run.CreatedAt == default ? DateTimeOffset.MaxValue : run.CreatedAt);

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
