using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;

namespace Rotunda.Providers.Targets.GitHub;

/// <summary>The workflow that carries delivered values on.</summary>
/// <param name="Mark">The input that takes the delivery's mark; null for none.</param>
internal sealed record GitHubWorkflow(
    string Owner,
    string Repository,
    string File,
    string Ref,
    IReadOnlyDictionary<string, string> Inputs,
    string? Mark)
{
    private const int MostInputs = 25;

    /// <summary>For people.</summary>
    public string Name => $"{File} of {Owner}/{Repository}";

    /// <summary>Null if none is set.</summary>
    /// <exception cref="WebFailureException">Rejected, with what is wrong.</exception>
    public static GitHubWorkflow? Of(ProviderSettings settings)
    {
        var (repository, file) = (settings.Text(GitHubDescriptor.SyncRepository), settings.Text(GitHubDescriptor.SyncWorkflow));
        GitHubTarget.Require((repository is null) == (file is null), "Set both 'syncRepository' and 'syncWorkflow', or neither.");
        if (repository is null)
        {
            return null;
        }

        var (owner, name) = GitHubTarget.OwnerAndName(repository, GitHubDescriptor.SyncRepository);
        var (inputs, mark) = (settings.TextMap(GitHubDescriptor.SyncInputs), settings.Text(GitHubDescriptor.SyncMark));
        GitHubTarget.Require(inputs.Count + (mark is null ? 0 : 1) <= MostInputs, $"A workflow takes at most {MostInputs} inputs.");
        GitHubTarget.Require(
            mark is null || !inputs.ContainsKey(mark),
            $"The input '{mark}' takes the mark: leave it out of 'syncInputs'.");
        return new GitHubWorkflow(owner, name, file!, settings.Text(GitHubDescriptor.SyncRef) ?? GitHubDescriptor.DefaultRef, inputs, mark);
    }

    public Uri At(Uri root, params string[] below) => WebAddress.At(root, ["repos", Owner, Repository, "actions", .. below]);
}
