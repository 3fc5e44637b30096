using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.HashiCorpVault;

/// <summary>The calls of Vault's API that stores and targets need, in one session.</summary>
internal sealed class VaultClient(WebSession session, VaultSettings vault, ProviderSettings settings, VaultTokens tokens)
{
    private const string MergePatch = "application/merge-patch+json";
    private static readonly WebHints Hints = new(
        new Dictionary<int, string>
        {
            [403] = "The token may not do this, or is unknown or expired: see the permissions in the provider's page.",
            [404] = "There is no KV version 2 engine at this mount: check 'mount' and 'namespace'.",
            [412] = "This server has not caught up with what was written yet.",
            [503] = "The server is sealed or in standby.",
        },
        "errors");

    private readonly VaultLogin _login = new(session, vault, settings, tokens);
    private readonly string _server = $"{vault.Root} {vault.Namespace}";

    public VaultSettings Vault => vault;

    public WebSession Session => session;

    /// <summary>A version of a secret: the newest, or the one of that number.</summary>
    public async Task<VaultEntry> ReadAsync(string path, int version, CancellationToken cancellationToken)
    {
        var address = vault.Data(path);
        using var reply = await SendAsync(
            HttpMethod.Get,
            version == 0 ? address : new Uri(string.Create(CultureInfo.InvariantCulture, $"{address}?version={version}")),
            null,
            cancellationToken);
        return reply.Status switch
        {
            200 => VaultEntry.Of(reply.Json()) ?? throw Misshapen(reply),
            404 when VaultEntry.Of(reply.Json()) is { } entry => entry,
            404 when IsNothing(reply) => VaultEntry.Absent,
            _ => throw Refusal(reply),
        };
    }

    /// <summary>Writes a new version over that one (0: where there is none); null if it is no longer the newest.</summary>
    public async Task<VaultWritten?> WriteAsync(string path, int over, JsonObject data, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["options"] = new JsonObject { ["cas"] = over }, ["data"] = data };
        using var reply = await SendAsync(HttpMethod.Post, vault.Data(path), body, cancellationToken, carriesValue: true);
        if (reply.Status == 400 && Errors(reply).Any(text => text.Contains("check-and-set", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        RequireSuccess(reply);
        return reply.Json()?["data"] is JsonObject written
            && written["version"] is JsonValue number
            && number.TryGetValue<int>(out var version)
            ? new VaultWritten(version, VaultEntry.TimeOf(written["deletion_time"])) : throw Misshapen(reply);
    }

    /// <summary>The numbers of the versions that are neither destroyed nor deleted, in order; empty if there is no such secret.</summary>
    public async Task<IReadOnlyList<int>> VersionsAsync(string path, CancellationToken cancellationToken)
    {
        using var reply = await SendAsync(HttpMethod.Get, vault.At($"{vault.Mount}/metadata/{path}"), null, cancellationToken);
        if (reply.Status == 404 && IsNothing(reply))
        {
            return [];
        }

        RequireSuccess(reply);
        var versions = reply.Json()?["data"]?["versions"] as JsonObject ?? throw Misshapen(reply);
        var now = session.Time.GetUtcNow();
        return
        [
            .. versions.Where(pair => pair.Value is JsonObject one && one["destroyed"] is JsonValue flag && flag.TryGetValue<bool>(
                out var gone) && !gone
                    && !(VaultEntry.TimeOf(one["deletion_time"]) <= now))
                .Select(pair => int.Parse(pair.Key, CultureInfo.InvariantCulture)).Order(),
        ];
    }

    public Task DestroyAsync(string path, IEnumerable<int> versions, CancellationToken cancellationToken) =>
        EndAsync(HttpMethod.Put, "destroy", path, versions, cancellationToken);

    /// <summary>Deletes versions softly.</summary>
    public Task DeleteAsync(string path, IEnumerable<int> versions, CancellationToken cancellationToken) =>
        EndAsync(HttpMethod.Post, "delete", path, versions, cancellationToken);

    /// <summary>Sets these names of a secret's custom metadata and leaves the others.</summary>
    public async Task DescribeAsync(string path, JsonObject custom, CancellationToken cancellationToken)
    {
        using var reply = await SendAsync(
            HttpMethod.Patch,
            vault.At($"{vault.Mount}/metadata/{path}"),
            new JsonObject { ["custom_metadata"] = custom },
            cancellationToken,
            contentType: MergePatch);
        RequireSuccess(reply);
    }

    /// <summary>Takes a secret's versions and metadata away altogether; false if the token may not.</summary>
    public async Task<bool> TryForgetAsync(string path, CancellationToken cancellationToken)
    {
        using var reply = await SendAsync(HttpMethod.Delete, vault.At($"{vault.Mount}/metadata/{path}"), null, cancellationToken);
        if (reply.Status == 403 && Errors(reply).Any(text => text.Contains("permission denied", StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        RequireSuccess(reply);
        return true;
    }

    /// <summary>What is mounted there: its type, the version of its options and its whole path. Null where that is not told: servers
    /// before 0.10.2 do not know the question, and a token without any right on the mount may not ask.</summary>
    /// <remarks>How Vault's own command line tells KV versions apart.</remarks>
    public async Task<VaultMount?> MountAsync(CancellationToken cancellationToken)
    {
        using var reply = await SendAsync(HttpMethod.Get, vault.At($"sys/internal/ui/mounts/{vault.Mount}"), null, cancellationToken);
        if (reply.Status is 403 or 404)
        {
            return null;
        }

        RequireSuccess(reply);
        return reply.Json()?["data"] is JsonObject mount
            ? new VaultMount(
                VaultEntry.TextOf(mount["type"]) ?? "",
                VaultEntry.TextOf(mount["options"]?["version"]) ?? "1",
                (VaultEntry.TextOf(mount["path"]) ?? vault.Mount).Trim('/'))
            : throw Misshapen(reply);
    }

    /// <summary>How long the mount keeps versions ("0s" for ever).</summary>
    public async Task<string> DeleteVersionAfterAsync(CancellationToken cancellationToken)
    {
        using var reply = await SendAsync(HttpMethod.Get, vault.At($"{vault.Mount}/config"), null, cancellationToken);
        RequireSuccess(reply);
        return reply.Json()?["data"] is JsonObject config
            ? VaultEntry.TextOf(config["delete_version_after"]) ?? "0s"
            : throw Misshapen(reply);
    }

    /// <summary>What our token may do at paths.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> CapabilitiesAsync(
        IEnumerable<string> paths,
        CancellationToken cancellationToken)
    {
        var all = paths.ToList();
        var body = new JsonObject { ["paths"] = new JsonArray([.. all.Select(path => (JsonNode)path)]) };
        using var reply = await SendAsync(HttpMethod.Post, vault.At("sys/capabilities-self"), body, cancellationToken, changes: false);
        RequireSuccess(reply);
        var answer = reply.Json() as JsonObject ?? throw Misshapen(reply);
        return all.ToDictionary(
            path => path,
            path => (IReadOnlyList<string>)[.. ((answer[path] ?? answer["data"]?[path]) as JsonArray ?? []).Select(VaultEntry.TextOf)
                .OfType<string>()],
            StringComparer.Ordinal);
    }

    private async Task EndAsync(HttpMethod method, string verb, string path, IEnumerable<int> versions, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["versions"] = new JsonArray([.. versions.Select(version => (JsonNode)version)]) };
        using var reply = await SendAsync(method, vault.At($"{vault.Mount}/{verb}/{path}"), body, cancellationToken);
        RequireSuccess(reply);
    }

    /// <summary>With a token. One that was kept and is refused was revoked meanwhile: once more with a fresh one, as a refusal
    /// changes nothing.</summary>
    private async Task<WebReply> SendAsync(
        HttpMethod method,
        Uri address,
        JsonObject? body,
        CancellationToken cancellationToken,
        string contentType = "application/json",
        bool carriesValue = false,
        bool? changes = null)
    {
        var bytes = body is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(body.ToJsonString());
        WebRequest Request(string token) => new(method, address, changes ?? method != HttpMethod.Get)
        {
            Body = bytes, ContentType = contentType, CarriesValue = carriesValue, Headers = [.. Headers(token)],
        };

        var (token, login) = await _login.TokenAsync(cancellationToken);
        var reply = await session.SendAsync(Request(token), cancellationToken);
        if (reply.Status == 403 && login is not null)
        {
            reply.Dispose();
            tokens.Forget(login, token);
            (token, _) = await _login.TokenAsync(cancellationToken);
            reply = await session.SendAsync(Request(token), cancellationToken);
        }

        if (reply.IsSuccess && reply.Header("X-Vault-Index") is { } index)
        {
            tokens.Reached(_server, index);
        }

        return reply;
    }

    private IEnumerable<(string Name, string Value)> Headers(string token)
    {
        yield return ("X-Vault-Token", token);
        yield return ("X-Vault-Request", "true");
        if (vault.Namespace is not null)
        {
            yield return ("X-Vault-Namespace", vault.Namespace);
        }

        // So that a standby that has not got our last write yet says so instead of answering without it.
        if (tokens.IndexOf(_server) is { } index)
        {
            yield return ("X-Vault-Index", index);
        }
    }

    private void RequireSuccess(WebReply reply)
    {
        if (!reply.IsSuccess)
        {
            throw Refusal(reply);
        }
    }

    private WebFailureException Refusal(WebReply reply)
    {
        var failure = session.Refusal(reply, Hints);
        return reply.Status == 412 ? session.Failure(StepOutcome.RetryLater(failure.Message)) : failure;
    }

    private WebFailureException Misshapen(WebReply reply) => session.Failure(
        reply.Request.Changes ? StepOutcome.Unknown(
            $"Vault: {reply.Request.What} answered HTTP {reply.Status} with something else than documented.")
            : StepOutcome.RetryLater(
                $"Vault: {reply.Request.What} answered HTTP {reply.Status} with something else than documented. Is this the address of a "
                    + "Vault, and 'mount' a KV version 2 engine?"));

    /// <summary>Vault's own way to say that nothing is there. A proxy's 404, or that of an unknown mount, looks different.</summary>
    private static bool IsNothing(WebReply reply) => reply.Json() is JsonObject json && json["errors"] is JsonArray { Count: 0 };

    private static IEnumerable<string> Errors(WebReply reply) =>
        (reply.Json()?["errors"] as JsonArray ?? []).Select(VaultEntry.TextOf).OfType<string>();
}
