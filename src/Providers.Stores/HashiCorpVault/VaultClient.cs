using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Vault;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;

namespace Rotunda.Providers.Stores.HashiCorpVault;

/// <summary>The calls of Vault's API that stores and targets need, in one session.</summary>
internal sealed class VaultClient(WebSession session, VaultSettings vault, ProviderSettings settings, VaultTokens tokens)
    : VaultApi(session, vault, settings, tokens, Hints)
{
    private const string MergePatch = "application/merge-patch+json";
    private static readonly WebHints Hints = new(
        new Dictionary<int, string>(VaultApi.Statuses)
        {
            [404] = "There is no KV version 2 engine at this mount: check 'mount' and 'namespace'.",
        },
        "errors");

    /// <summary>A version of a secret: the newest, or the one of that number.</summary>
    public async Task<VaultEntry> ReadAsync(string path, int version, CancellationToken cancellationToken)
    {
        var address = Vault.Data(path);
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
        using var reply = await SendAsync(HttpMethod.Post, Vault.Data(path), body, cancellationToken, carriesValue: true);
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
        using var reply = await SendAsync(HttpMethod.Get, Vault.At($"{Vault.Mount}/metadata/{path}"), null, cancellationToken);
        if (reply.Status == 404 && IsNothing(reply))
        {
            return [];
        }

        RequireSuccess(reply);
        var versions = reply.Json()?["data"]?["versions"] as JsonObject ?? throw Misshapen(reply);
        var now = Session.Time.GetUtcNow();
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
            Vault.At($"{Vault.Mount}/metadata/{path}"),
            new JsonObject { ["custom_metadata"] = custom },
            cancellationToken,
            contentType: MergePatch);
        RequireSuccess(reply);
    }

    /// <summary>Takes a secret's versions and metadata away altogether; false if the token may not.</summary>
    public async Task<bool> TryForgetAsync(string path, CancellationToken cancellationToken)
    {
        using var reply = await SendAsync(HttpMethod.Delete, Vault.At($"{Vault.Mount}/metadata/{path}"), null, cancellationToken);
        if (reply.Status == 403 && Errors(reply).Any(text => text.Contains("permission denied", StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        RequireSuccess(reply);
        return true;
    }

    /// <summary>How long the mount keeps versions ("0s" for ever).</summary>
    public async Task<string> DeleteVersionAfterAsync(CancellationToken cancellationToken)
    {
        using var reply = await SendAsync(HttpMethod.Get, Vault.At($"{Vault.Mount}/config"), null, cancellationToken);
        RequireSuccess(reply);
        return reply.Json()?["data"] is JsonObject config
            ? VaultEntry.TextOf(config["delete_version_after"]) ?? "0s"
            : throw Misshapen(reply);
    }

    private async Task EndAsync(HttpMethod method, string verb, string path, IEnumerable<int> versions, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["versions"] = new JsonArray([.. versions.Select(version => (JsonNode)version)]) };
        using var reply = await SendAsync(method, Vault.At($"{Vault.Mount}/{verb}/{path}"), body, cancellationToken);
        RequireSuccess(reply);
    }
}
