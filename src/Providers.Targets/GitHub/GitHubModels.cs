using Octokit;

namespace Rotunda.Providers.Targets.GitHub;

/// <summary>A start of a workflow that asks which run comes of it, which Octokit's does not.</summary>
internal sealed class GitHubTellingDispatch(string @ref) : CreateWorkflowDispatch(@ref)
{
    /// <summary>Left out of the request if null: older servers refuse it.</summary>
    public bool? ReturnRunDetails { get; init; }
}

/// <summary>The answer to it, which Octokit throws away.</summary>
internal sealed class GitHubStarted
{
    public long? WorkflowRunId { get; private set; }

    public string? HtmlUrl { get; private set; }
}

/// <summary>A page of the repositories that see a secret: Octokit's call knows the first page only.</summary>
internal sealed class GitHubRepositories
{
    public int? TotalCount { get; private set; }

    public IReadOnlyList<GitHubRepository>? Repositories { get; private set; }
}

/// <summary>Its id is all that is read: what else GitHub tells of a repository may change.</summary>
internal sealed class GitHubRepository
{
    public long Id { get; private set; }
}
