using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Files;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.GitHub;

/// <summary>The secrets of one place.</summary>
internal sealed class GitHubSecrets(GitHubApi api, GitHubTarget target)
{
    private const int PageSize = 100;

    /// <exception cref="WebFailureException">No answer, or no rights.</exception>
    public async Task<GitHubPublicKey> PublicKeyAsync(CancellationToken cancellationToken)
    {
        var request = GitHubApi.Get(target.Secrets("public-key"));
        using var reply = await api.SucceedAsync(request, cancellationToken);
        var json = reply.Json() as JsonObject ?? throw api.Garbled(request);
        try
        {
            var key = Convert.FromBase64String(json["key"]?.GetValue<string>() ?? "");
            return key.Length == SealedBox.KeyBytes && json["key_id"]?.GetValue<string>() is { } id
                ? new GitHubPublicKey(id, key, DateTimeOffset.TryParse(reply.Header("Date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var told) ? told : null)
                : throw api.Garbled(request);
        }
        catch (FormatException)
        {
            throw api.Garbled(request);
        }
    }

    /// <summary>What GitHub tells of a secret; null if there is none of that name.</summary>
    public async Task<GitHubStanding?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var request = GitHubApi.Get(target.Secrets(name));
        using var reply = await api.ExchangeAsync(request, cancellationToken);
        if (reply.Status == 404)
        {
            return null;
        }

        if (!reply.IsSuccess)
        {
            throw api.Refusal(reply, GitHubApi.Hints);
        }

        var json = reply.Json() as JsonObject ?? throw api.Garbled(request);
        var visibility = json["visibility"]?.GetValue<string>();
        if (target.IsOrganization && visibility is null)
        {
            throw api.Garbled(request);
        }

        return new GitHubStanding(json["updated_at"]?.GetValue<string>(), visibility, visibility == "selected" ? await SelectedAsync(name, cancellationToken) : []);
    }

    /// <summary>Makes or replaces a secret. An organisation's keeps who sees it.</summary>
    public async Task PutAsync(string name, SecretValue value, GitHubPublicKey key, GitHubStanding? standing, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["encrypted_value"] = Convert.ToBase64String(Sealed(value, key)), ["key_id"] = key.Id };
        if (target.IsOrganization)
        {
            body["visibility"] = standing?.Visibility ?? target.Visibility;
            if (standing?.Visibility == "selected")
            {
                body["selected_repository_ids"] = new JsonArray([.. standing.Repositories.Select(id => (JsonNode)id)]);
            }
        }

        (await api.SucceedAsync(GitHubApi.Send(HttpMethod.Put, target.Secrets(name), body), cancellationToken)).Dispose();
    }

    /// <summary>All pages of the repositories that see a secret; fewer than GitHub counts would take it away from the rest.</summary>
    private async Task<List<long>> SelectedAsync(string name, CancellationToken cancellationToken)
    {
        var ids = new List<long>();
        for (var page = 1; ; page++)
        {
            var address = new UriBuilder(target.Secrets(name, "repositories")) { Query = string.Create(CultureInfo.InvariantCulture, $"per_page={PageSize}&page={page}") }.Uri;
            var request = GitHubApi.Get(address);
            var json = await api.ReadAsync(request, cancellationToken);
            if (json["repositories"] is not JsonArray repositories || json["total_count"]?.GetValue<int>() is not { } total)
            {
                throw api.Garbled(request);
            }

            ids.AddRange(repositories.Select(repository => repository!["id"]!.GetValue<long>()));
            if (ids.Count >= total)
            {
                return ids;
            }

            if (repositories.Count == 0)
            {
                throw api.Session.Failure(StepOutcome.Rejected(
                    $"GitHub lists {ids.Count} of the {total} repositories that see {name}. Writing it would take it away from the others: let the token see them all, or change the secret's visibility."));
            }
        }
    }

    private static byte[] Sealed(SecretValue value, GitHubPublicKey key)
    {
        var bytes = value.RevealBytes().ToArray();
        try
        {
            return SealedBox.Close(bytes, key.Key);
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
        }
    }
}

/// <summary>What values are sealed with.</summary>
/// <param name="ToldAt">When GitHub told it, by its own clock; null if it did not say.</param>
internal sealed record GitHubPublicKey(string Id, byte[] Key, DateTimeOffset? ToldAt);

/// <param name="Visibility">Of an organisation's secret; else null.</param>
/// <param name="Repositories">Those that see it, if its visibility is "selected".</param>
internal sealed record GitHubStanding(string? UpdatedAt, string? Visibility, IReadOnlyList<long> Repositories);
