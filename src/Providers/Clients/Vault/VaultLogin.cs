using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Clients.Vault;

/// <summary>Gets the token that calls are made with: the one that is set, or by logging in.</summary>
internal sealed class VaultLogin(WebSession session, VaultSettings vault, ProviderSettings settings, VaultTokens tokens)
{
    private static readonly WebHints Hints = new(
        new Dictionary<int, string>
        {
            [400] = "Check the role and what Rotunda logs in with: they are unknown, expired or used up.",
            [403] = "Check the role and what Rotunda logs in with: Vault refused them.",
            [404] = "There is no such auth method: check 'auth' and 'authMount', and the namespace.",
            [503] = "The server is sealed or in standby. Unseal it, or give the address of the active one.",
        },
        "errors");

    /// <summary>The token, and the name of the login that it is kept under; null where it is not kept.</summary>
    public async Task<(string Token, string? Login)> TokenAsync(CancellationToken cancellationToken)
    {
        if (vault.Auth == "token")
        {
            using var token = await settings.RequiredSecretAsync(VaultAccess.Token, cancellationToken);
            return (Header(token), null);
        }

        var body = vault.Auth == "approle" ? await AppRoleAsync(cancellationToken) : await KubernetesAsync(cancellationToken);
        var login = NameOf(body);
        var now = session.Time.GetUtcNow();
        return tokens.Find(login, now) is { } known ? (known, login) : (await LogInAsync(login, body, now, cancellationToken), login);
    }

    private async Task<string> LogInAsync(string login, string body, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A login changes nothing that a rotation cares for: without an answer, another one is as good.
        var request = new WebRequest(HttpMethod.Post, vault.At($"auth/{vault.AuthMount}/login"), Changes: false)
        {
            Body = Encoding.UTF8.GetBytes(body),
            CarriesValue = true,
            Headers = vault.Namespace is null ? [] : [("X-Vault-Namespace", vault.Namespace)],
        };
        using var reply = await session.SucceedAsync(request, Hints, cancellationToken);
        if (reply.Json()?["auth"] is not JsonObject auth
            || auth["client_token"] is not JsonValue token
            || !token.TryGetValue<string>(out var text))
        {
            throw session.Failure(StepOutcome.RetryLater("Vault answered the login without a token."));
        }

        var seconds = auth["lease_duration"] is JsonValue lease && lease.TryGetValue<long>(out var duration) ? duration : 0;
        tokens.Keep(login, text, TimeSpan.FromSeconds(seconds), now);
        return text;
    }

    private async Task<string> AppRoleAsync(CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["role_id"] = settings.RequiredText(VaultAccess.RoleId) };
        using var secret = await settings.SecretAsync(VaultAccess.SecretId, cancellationToken);
        if (secret is not null)
        {
            body["secret_id"] = secret.RevealText().Trim();
        }

        return body.ToJsonString();
    }

    private async Task<string> KubernetesAsync(CancellationToken cancellationToken)
    {
        var role = settings.RequiredText(VaultAccess.Role);
        using var token =
            await settings.SecretAsync(VaultAccess.ServiceAccountToken, cancellationToken) ?? await MountedAsync(cancellationToken);
        return new JsonObject { ["role"] = role, ["jwt"] = token.RevealText().Trim() }.ToJsonString();
    }

    private static async Task<SecretValue> MountedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return SecretValue.FromBytes(await File.ReadAllBytesAsync(VaultAccess.ServiceAccountFile, cancellationToken));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new WebFailureException(StepOutcome.Rejected(
                $"There is no readable '{VaultAccess.ServiceAccountFile}' ({problem.GetType().Name}): outside of a pod, set "
                    + $"'{VaultAccess.ServiceAccountToken}'."));
        }
    }

    /// <summary>Settings that log in differently have different names; what is logged in with cannot be told from it.</summary>
    private string NameOf(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{vault.Root}\n{vault.Namespace}\n{vault.CaFile}\n{vault.Auth}\n{vault.AuthMount}\n{body}")));

    private static string Header(SecretValue token)
    {
        var text = token.RevealText().Trim();
        return text.Length > 0 && text.All(symbol => symbol is > ' ' and <= '~')
            ? text
                : throw new WebFailureException(
                    StepOutcome.Rejected(
                        "The setting 'token' leads to something that is no token: it has characters that cannot be sent in a header. "
                            + "Check for a line break or a byte order mark."));
    }
}
