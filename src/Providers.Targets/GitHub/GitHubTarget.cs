using System.Text.RegularExpressions;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.GitHub;

/// <summary>The settings of one target, checked.</summary>
/// <param name="Owner">The organisation, or the owner of the repository.</param>
/// <param name="Repository">Null for an organisation's secrets.</param>
/// <param name="Environment">Null for the repository's own.</param>
internal sealed partial record GitHubTarget(
    Uri Root, string Area, string Owner, string? Repository, string? Environment, string Visibility,
    IReadOnlyDictionary<string, DeliveryTemplate> Keys, GitHubWorkflow? Sync)
{
    private const int LargestValue = 48 * 1024;

    public bool IsOrganization => Repository is null;

    /// <summary>For people: where the secrets are.</summary>
    public string Where =>
        Environment is not null
            ? $"environment {Environment} of {Owner}/{Repository}"
            : Repository is not null ? $"{Owner}/{Repository}" : $"organisation {Owner}";

    /// <summary>An address below the target's secrets.</summary>
    public Uri Secrets(params string[] below) => WebAddress.At(Root,
    [
        .. Environment is not null ? ["repos", Owner, Repository!, "environments", Environment, "secrets"]
            : Repository is not null ? ["repos", Owner, Repository, Area, "secrets"] : (string[])["orgs", Owner, Area, "secrets"],
        .. below,
    ]);

    /// <exception cref="WebFailureException">Rejected, with what is wrong.</exception>
    public static GitHubTarget Of(ProviderSettings settings)
    {
        var root = WebAddress.Base(settings.Text(GitHubDescriptor.ApiUrl) ?? GitHubDescriptor.DefaultApiUrl, GitHubDescriptor.ApiUrl);
        var (organization, repository, environment) = (
            settings.Text(GitHubDescriptor.Organization),
            settings.Text(GitHubDescriptor.Repository),
            settings.Text(GitHubDescriptor.Environment));
        Require((organization is null) != (repository is null), "Set either 'organization' or 'repository', whose secrets these are.");
        Require(environment is null || repository is not null, "'environment' is one of a repository: set 'repository', too.");
        var area = settings.Text(GitHubDescriptor.Area) ?? GitHubDescriptor.DefaultArea;
        Require(environment is null || area == GitHubDescriptor.DefaultArea, $"Environments have no secrets of {area}. Take "
            + $"'environment' out, or set 'area' to {GitHubDescriptor.DefaultArea}.");
        var (owner, name) = repository is null ? (organization!, null) : OwnerAndName(repository, GitHubDescriptor.Repository);
        return new GitHubTarget(
            root,
            area,
            owner,
            name,
            environment,
            settings.Text(GitHubDescriptor.Visibility) ?? GitHubDescriptor.DefaultVisibility,
            KeysOf(settings),
            GitHubWorkflow.Of(settings));
    }

    /// <summary>The secrets' values by name, as UTF-8. The caller clears them.</summary>
    /// <exception cref="WebFailureException">Rejected, with what is wrong.</exception>
    public Dictionary<string, SecretValue> Render(DeliveredValues values)
    {
        var rendered = new Dictionary<string, SecretValue>(StringComparer.Ordinal);
        try
        {
            foreach (var (name, template) in Keys)
            {
                rendered[name] = SecretValue.FromText(template.Render(values));
                Require(
                    rendered[name].Length <= LargestValue,
                    $"The value for {name} has {rendered[name].Length} bytes; GitHub takes at most {LargestValue}. Deliver it elsewhere, "
                        + "or in parts.");
            }

            return rendered;
        }
        catch (Exception problem)
        {
            foreach (var value in rendered.Values)
            {
                value.Dispose();
            }

            throw problem is DeliveryException ? new WebFailureException(StepOutcome.Rejected(problem.Message)) : problem;
        }
    }

    /// <summary>As GitHub writes them: Octokit puts them into addresses as they are.</summary>
    public static (string Owner, string Name) OwnerAndName(string text, string setting) =>
        OwnerAndNamePattern().Match(text) is { Success: true } match ? (match.Groups["owner"].Value, match.Groups["name"].Value)
            : throw new WebFailureException(StepOutcome.Rejected($"The setting '{setting}' is no repository. Write 'owner/name'."));

    public static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new WebFailureException(StepOutcome.Rejected(otherwise));
        }
    }

    private static Dictionary<string, DeliveryTemplate> KeysOf(ProviderSettings settings)
    {
        var keys = settings.TextMap(GitHubDescriptor.Keys);
        Require(keys.Count > 0, "'keys' is empty. Name at least one secret with its template, such as API_KEY: \"{value}\".");
        foreach (var key in keys.Keys)
        {
            Require(
                NamePattern().IsMatch(key) && !key.StartsWith("GITHUB_", StringComparison.OrdinalIgnoreCase),
                $"'{key}' cannot be a secret's name. Use letters, digits and underscores, no digit first, and not beginning with GITHUB_.");
        }

        Require(
            keys.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count() == keys.Count,
            "Two of the 'keys' differ in case only, and GitHub takes them for one. Take one away.");
        return keys.ToDictionary(
            pair => pair.Key.ToUpperInvariant(),
            pair => DeliveryTemplate.Parse(pair.Value),
            StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NamePattern();

    [GeneratedRegex(
        @"^(?<owner>[A-Za-z0-9_-]+)/(?<name>(?!\.{1,2}\z)[A-Za-z0-9._-]+)\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex OwnerAndNamePattern();
}
