using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Clients.Vault;

/// <summary>One session with a Vault, whatever engine is asked: the login, what each call carries, what answers mean.</summary>
/// <param name="hints">What statuses mean there, for people.</param>
internal abstract class VaultApi(
    WebSession session, VaultSettings vault, ProviderSettings settings, VaultTokens tokens, WebHints hints)
{
    private readonly VaultLogin _login = new(session, vault, settings, tokens);
    private readonly string _server = $"{vault.Root} {vault.Namespace}";

    public VaultSettings Vault => vault;

    public WebSession Session => session;

    /// <summary>What these mean at each engine.</summary>
    protected static IReadOnlyDictionary<int, string> Statuses { get; } = new Dictionary<int, string>
    {
        [403] = "The token may not do this, or is unknown or expired: see the permissions in the provider's page.",
        [412] = "This server has not caught up with what was written yet.",
        [503] = "The server is sealed or in standby. Unseal it, or give the address of the active one.",
    };

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
                VaultText.Of(mount["type"]) ?? "",
                VaultText.Of(mount["options"]?["version"]) ?? "1",
                (VaultText.Of(mount["path"]) ?? vault.Mount).Trim('/'))
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
            path => (IReadOnlyList<string>)[.. ((answer[path] ?? answer["data"]?[path]) as JsonArray ?? []).Select(VaultText.Of)
                .OfType<string>()],
            StringComparer.Ordinal);
    }

    /// <summary>With a token. One that was kept and is refused was revoked meanwhile: once more with a fresh one, as a refusal
    /// changes nothing.</summary>
    protected async Task<WebReply> SendAsync(
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

    protected void RequireSuccess(WebReply reply)
    {
        if (!reply.IsSuccess)
        {
            throw Refusal(reply);
        }
    }

    protected WebFailureException Refusal(WebReply reply)
    {
        var failure = session.Refusal(reply, hints);
        return reply.Status == 412 ? session.Failure(StepOutcome.RetryLater(failure.Message)) : failure;
    }

    protected WebFailureException Misshapen(WebReply reply) => session.Failure(
        reply.Request.Changes ? StepOutcome.Unknown(
            $"Vault: {reply.Request.What} answered HTTP {reply.Status} with something else than documented.")
            : StepOutcome.RetryLater(
                $"Vault: {reply.Request.What} answered HTTP {reply.Status} with something else than documented. Is this the address of a "
                    + "Vault, and 'mount' the engine that is meant?"));

    /// <summary>Vault's own way to say that nothing is there. A proxy's 404, or that of an unknown mount, looks different.</summary>
    protected static bool IsNothing(WebReply reply) => reply.Json() is JsonObject json && json["errors"] is JsonArray { Count: 0 };

    protected static IEnumerable<string> Errors(WebReply reply) =>
        (reply.Json()?["errors"] as JsonArray ?? []).Select(VaultText.Of).OfType<string>();
}
