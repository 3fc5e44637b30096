using System.Globalization;
using System.Security.Cryptography;
using Octokit;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;
using Sodium;

namespace Rotunda.Providers.Targets.GitHub;

/// <summary>
/// The secrets of one place. Octokit's own clients know those that workflows read, of organisations and repositories; so its
/// connection and its models are used, which serve every place alike.
/// </summary>
internal sealed class GitHubSecrets(GitHubApi api, GitHubTarget target)
{
    private const int KeyBytes = 32;
    private const int PageSize = 100;

    /// <exception cref="WebFailureException">No answer, or no rights.</exception>
    public Task<GitHubPublicKey> PublicKeyAsync(CancellationToken cancellationToken) => api.CallAsync(
        async github =>
        {
            var answer = await github.Connection.Get<SecretsPublicKey>(target.Secrets("public-key"), null);
            var key = Convert.FromBase64String(answer.Body.Key);
            return key.Length == KeyBytes && answer.Body.KeyId is { Length: > 0 } id
                ? new GitHubPublicKey(id, key, MomentOf(answer.HttpResponse.Headers.GetValueOrDefault("Date"))) : null;
        },
        cancellationToken);

    /// <summary>What GitHub tells of a secret; null if there is none of that name.</summary>
    public async Task<GitHubStanding?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var found = await api.FindAsync(
            async github =>
            {
                var secret = (await github.Connection.Get<OrganizationSecret>(target.Secrets(name), null)).Body;
                return target.IsOrganization && secret.Visibility is null ? null : secret;
            },
            cancellationToken);
        return found is null ? null : new GitHubStanding(
            found.UpdatedAt, found.Visibility, found.Visibility == "selected" ? await SelectedAsync(name, cancellationToken) : []);
    }

    /// <summary>Makes or replaces a secret. An organisation's keeps who sees it.</summary>
    public async Task PutAsync(
        string name, SecretValue value, GitHubPublicKey key, GitHubStanding? standing, CancellationToken cancellationToken)
    {
        var box = Convert.ToBase64String(Sealed(value, key));
        var secret = target.IsOrganization
            ? new UpsertOrganizationSecret(
                box, key.Id, standing?.Visibility ?? target.Visibility, standing?.Visibility == "selected" ? standing.Repositories : null)
            : new UpsertRepositorySecret { EncryptedValue = box, KeyId = key.Id };

        // Octokit's CreateOrUpdate reads the secret after it: where that answer is lost, nobody would know that it was written.
        await api.CallAsync<object>(async github => await github.Connection.Put(target.Secrets(name), secret), cancellationToken);
    }

    /// <summary>All pages of the repositories that see a secret; fewer than GitHub counts would take it away from the rest.</summary>
    private async Task<List<long>> SelectedAsync(string name, CancellationToken cancellationToken)
    {
        var ids = new List<long>();
        for (var number = 1; ; number++)
        {
            var query = string.Create(CultureInfo.InvariantCulture, $"per_page={PageSize}&page={number}");
            var address = new UriBuilder(target.Secrets(name, "repositories")) { Query = query }.Uri;
            var page = await api.CallAsync(
                async github =>
                {
                    var all = (await github.Connection.Get<GitHubRepositories>(address, null)).Body;
                    return all is { TotalCount: not null, Repositories: not null } ? all : null;
                },
                cancellationToken);
            ids.AddRange(page.Repositories!.Select(repository => repository.Id));
            if (ids.Count >= page.TotalCount)
            {
                return ids;
            }

            if (page.Repositories!.Count == 0)
            {
                throw api.Session.Failure(StepOutcome.Rejected(
                    $"GitHub lists {ids.Count} of the {page.TotalCount} repositories that see {name}. "
                    + "Writing it would take it away from the others: let the token see them all, or change the secret's visibility."));
            }
        }
    }

    /// <summary>libsodium's sealed box: anyone can close it with the public key, only the key's owner can open it.</summary>
    private byte[] Sealed(SecretValue value, GitHubPublicKey key)
    {
        var bytes = value.RevealBytes().ToArray();
        try
        {
            return SealedPublicKeyBox.Create(bytes, key.Key);
        }
        catch (CryptographicException)
        {
            throw api.Session.Failure(StepOutcome.RetryLater($"GitHub: the public key of {target.Where} is none that can seal a value."));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static DateTimeOffset? MomentOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;
}

/// <summary>What values are sealed with.</summary>
/// <param name="ToldAt">When GitHub told it, by its own clock; null if it did not say.</param>
internal sealed record GitHubPublicKey(string Id, byte[] Key, DateTimeOffset? ToldAt);

/// <param name="Visibility">Of an organisation's secret; else null.</param>
/// <param name="Repositories">Those that see it, if its visibility is "selected".</param>
internal sealed record GitHubStanding(DateTimeOffset? UpdatedAt, string? Visibility, IReadOnlyList<long> Repositories);
