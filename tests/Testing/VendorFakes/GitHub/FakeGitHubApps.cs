using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Rotunda.Testing.VendorFakes.GitHub;

/// <summary>
/// An App and its installation, by https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app: proofs are
/// checked with the App's public key, and a token allows no more than was asked for.
/// </summary>
public sealed class FakeGitHubApps
{
    public const string AppId = "4711";
    public const string InstallationId = "815";
    private static readonly Lazy<RSA> SharedKey = new(() => RSA.Create(2048));
    private readonly Dictionary<string, (string Permission, string? Repository)> _tokens = new(StringComparer.Ordinal);

    /// <summary>The App's private key.</summary>
    public static string PrivateKey => SharedKey.Value.ExportRSAPrivateKeyPem();

    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>What the installation was granted.</summary>
    public HashSet<string> Granted { get; } =
        ["organization_secrets", "secrets", "environments", "actions", "organization_dependabot_secrets", "codespaces_secrets"];

    /// <summary>Each token that was given out: what it allows.</summary>
    public List<string> GivenOut { get; } = [];

    public void Reset()
    {
        _tokens.Clear();
        GivenOut.Clear();
    }

    /// <summary>All tokens end at once.</summary>
    public void Revoke() => _tokens.Clear();

    internal bool Allows(string? authorization, string permission, string? repository) =>
        authorization is not null
            && _tokens.TryGetValue(authorization, out var token)
            && token.Permission == permission
            && token.Repository == repository;

    internal FakeReply Issue(FakeRequest request)
    {
        CheckProof(request, request.Header("Authorization") ?? "");
        if (request.Part("installation") != InstallationId)
        {
            return FakeGitHub.NotFound();
        }

        var body = request.Json("permissions", "repositories?");
        var permission = body["permissions"]!.AsObject().Single();
        request.Require(permission.Value!.GetValue<string>() == "write", "a token to write is needed");
        if (!Granted.Contains(permission.Key))
        {
            return FakeReply.Json(422, new JsonObject { ["message"] = "The permissions requested are not granted to this installation." });
        }

        var repository = body["repositories"]?.AsArray().Single()!.GetValue<string>();
        var token = $"ghs_{GivenOut.Count + 1}_{Guid.NewGuid():N}";
        _tokens["Bearer " + token] = (permission.Key, repository);
        GivenOut.Add($"{permission.Key} {repository}".Trim());
        var expires = (Time.GetUtcNow() + TimeSpan.FromHours(1)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return FakeReply.Json(
            201,
            new JsonObject
            {
                ["token"] = token,
                ["expires_at"] = expires,
                ["permissions"] = new JsonObject { [permission.Key] = "write" },
            });
    }

    private void CheckProof(FakeRequest request, string authorization)
    {
        request.Require(authorization.StartsWith("Bearer ", StringComparison.Ordinal), "there is no proof of the App");
        var parts = authorization["Bearer ".Length..].Split('.');
        request.Require(parts.Length == 3, "the proof is no JSON web token");
        request.Require(
            JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!["alg"]!.GetValue<string>() == "RS256",
            "the proof is not signed with RS256");
        request.Require(
            SharedKey.Value.VerifyData(
                Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
                Base64Url.DecodeFromChars(parts[2]),
                HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1),
            "the proof's signature is wrong");
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        var (issued, expires, now) = (
            claims["iat"]!.GetValue<long>(),
            claims["exp"]!.GetValue<long>(),
            Time.GetUtcNow().ToUnixTimeSeconds());
        request.Require(claims["iss"]!.GetValue<string>() == AppId, "the proof is another App's");
        request.Require(
            issued <= now && expires > now && expires - issued <= 600,
            $"the proof is good from {issued} to {expires}, at {now}");
    }
}
