using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Octokit;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.GitHub;

/// <summary>
/// How Rotunda shows itself to GitHub: a personal access token, or the tokens of an App's installation, each narrowed to what it
/// is for and kept in memory until shortly before it expires.
/// </summary>
internal sealed class GitHubTokens
{
    private static readonly TimeSpan Backdate = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ProofLifetime = TimeSpan.FromMinutes(9);
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, Issued> _issued = new(StringComparer.Ordinal);

    /// <summary>An API that may do what the permission says.</summary>
    /// <param name="permission">Of an App, as in "organization_secrets"; always to write.</param>
    /// <param name="repository">The one repository it is for; null for an organisation's own things.</param>
    /// <exception cref="WebFailureException">The settings are wrong, or GitHub gives no token.</exception>
    public async Task<GitHubApi> OpenAsync(
        WebSession session,
        Uri root,
        ProviderSettings settings,
        string permission,
        string? repository,
        CancellationToken cancellationToken)
    {
        using var token = await settings.SecretAsync(GitHubDescriptor.Token, cancellationToken);
        using var key = await settings.SecretAsync(GitHubDescriptor.PrivateKey, cancellationToken);
        var (app, installation) = (settings.Text(GitHubDescriptor.AppId), settings.Text(GitHubDescriptor.InstallationId));
        var isApp = app is not null || installation is not null || key is not null;
        GitHubTarget.Require(
            (token is not null) != isApp,
            "Set either 'token', or 'appId', 'installationId' and 'privateKey' of a GitHub App.");
        if (token is not null)
        {
            return new GitHubApi(session, root, new AuthenticationHeaderValue("Bearer", Header(token, GitHubDescriptor.Token)));
        }

        GitHubTarget.Require(
            app is not null && installation is not null && key is not null,
            "A GitHub App takes all of 'appId', 'installationId' and 'privateKey'.");
        var slot = $"{root} {app} {installation} {permission} {repository} {Convert.ToHexString(SHA256.HashData(key!.RevealBytes()))}";
        if (!_issued.TryGetValue(slot, out var issued) || session.Time.GetUtcNow() >= issued.ExpiresAt - Margin)
        {
            _issued[slot] = issued = await IssueAsync(session, root, app!, installation!, key, permission, repository, cancellationToken);
        }

        return new GitHubApi(session, root, issued.Header, async token =>
        {
            // The key is read again: it was let go of when the first token was there.
            using var current = await settings.RequiredSecretAsync(GitHubDescriptor.PrivateKey, token);
            return (_issued[slot] = await IssueAsync(session, root, app!, installation!, current, permission, repository, token)).Header;
        });
    }

    private static Task<Issued> IssueAsync(
        WebSession session,
        Uri root,
        string app,
        string installation,
        SecretValue key,
        string permission,
        string? repository,
        CancellationToken cancellationToken)
    {
        // Octokit's CreateInstallationToken asks for all that the App may do; this token is narrowed.
        var wish = new Dictionary<string, object> { ["permissions"] = new Dictionary<string, string> { [permission] = "write" } };
        if (repository is not null)
        {
            wish["repositories"] = new[] { repository };
        }

        var address = WebAddress.At(root, "app", "installations", installation, "access_tokens");
        var place = repository is null ? "" : $", or does not include the repository {repository}";
        return new GitHubApi(session, root, new AuthenticationHeaderValue("Bearer", Proof(session, app, key))).CallAsync(
            async github =>
            {
                var token = (await github.Connection.Post<AccessToken>(address, wish, null, null)).Body;
                return token.Token is { Length: > 0 } && token.ExpiresAt != default ? new Issued(token.Token, token.ExpiresAt) : null;
            },
            cancellationToken,
            GitHubApi.Hints.With(
                (404, "Check 'installationId', and that the App is still installed."),
                (422, $"The installation lacks the permission '{permission}: write'{place}. "
                    + "Grant it in the App's settings and accept it in the installation.")));
    }

    /// <summary>The App's proof of itself: a JSON web token that GitHub takes for at most ten minutes.</summary>
    private static string Proof(WebSession session, string app, SecretValue key)
    {
        var now = session.Time.GetUtcNow();
        var claims = new JsonObject
        {
            ["iat"] = (now - Backdate).ToUnixTimeSeconds(),
            ["exp"] = (now + ProofLifetime).ToUnixTimeSeconds(),
            ["iss"] = app,
        };
        var content = $"{Encode("""{"alg":"RS256","typ":"JWT"}"""u8)}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(key.RevealText());
            var signature = rsa.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return $"{content}.{Encode(signature)}";
        }
        catch (Exception problem) when (problem is ArgumentException or CryptographicException)
        {
            throw session.Failure(
                StepOutcome.Rejected("'privateKey' is no RSA private key in PEM form. Give the one that GitHub gives out for the App."));
        }
    }

    private static string Header(SecretValue token, string setting)
    {
        var text = token.RevealText().Trim();
        GitHubTarget.Require(
            text.Length > 0 && text.All(symbol => symbol is > ' ' and < '\x7f'),
            $"'{setting}' is empty or has spaces or line breaks inside: it is no token.");
        return text;
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private sealed record Issued(string Token, DateTimeOffset ExpiresAt)
    {
        public AuthenticationHeaderValue Header => new("Bearer", Token);
    }
}
