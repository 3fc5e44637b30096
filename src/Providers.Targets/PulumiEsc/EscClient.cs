using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Pulumi;
using Rotunda.Providers.Web;

namespace Rotunda.Providers.Targets.PulumiEsc;

/// <summary>One environment of Pulumi ESC.</summary>
internal sealed class EscClient(PulumiApi api, string organization, string project, string environment)
{
    public const string Latest = "latest";
    private const string RevisionHeader = "Pulumi-ESC-Revision";

    public string Name => $"{organization}/{project}/{environment}";

    /// <summary>The newest definition, secrets as ciphertexts.</summary>
    public async Task<EscRevision> ReadAsync(CancellationToken cancellationToken)
    {
        var request = At(HttpMethod.Get, changes: false);
        using var reply = await api.SucceedAsync(request, cancellationToken);
        return new EscRevision(
            Encoding.UTF8.GetString(reply.Body.Span),
            RevisionOf(reply) ?? throw api.Garbled(request),
            reply.Header("ETag") ?? throw api.Garbled(request));
    }

    /// <summary>The newest definition, or that of a revision, static secrets in the clear. Keep it local.</summary>
    public async Task<string> DecryptAsync(int? revision, CancellationToken cancellationToken)
    {
        var request = revision is { } number
            ? At(HttpMethod.Get, changes: false, "versions", number.ToString(CultureInfo.InvariantCulture), "decrypt")
            : At(HttpMethod.Get, changes: false, "decrypt");
        using var reply = await api.SucceedAsync(request, cancellationToken);
        return Encoding.UTF8.GetString(reply.Body.Span);
    }

    /// <summary>Replaces the definition. Null if it is another one by now than the one that was read.</summary>
    /// <returns>The new revision.</returns>
    public async Task<int?> WriteAsync(string text, string tag, CancellationToken cancellationToken)
    {
        var request = At(HttpMethod.Patch, changes: true) with
        {
            Body = Encoding.UTF8.GetBytes(text),
            ContentType = "application/x-yaml",
            Headers = [("ETag", tag)],
            CarriesValue = true,
        };
        using var reply = await api.ExchangeAsync(request, cancellationToken);
        return reply.Status == 409 ? null
            : reply.IsSuccess ? RevisionOf(reply) ?? throw api.Garbled(request)
            : throw api.Session.Refusal(
                reply,
                PulumiApi.Hints.With(
                    (400, "ESC finds the definition wrong. Look at it with `esc env edit`: it may have been wrong before.")));
    }

    /// <summary>The revision that a tag points to; null if there is no such tag.</summary>
    public async Task<int?> TagAsync(string tag, CancellationToken cancellationToken)
    {
        var request = At(HttpMethod.Get, changes: false, "versions", "tags", tag);
        using var reply = await api.ExchangeAsync(request, cancellationToken);
        return reply.Status == 404 ? null
            : !reply.IsSuccess ? throw api.Session.Refusal(reply, PulumiApi.Hints)
            : (reply.Json() as JsonObject)?["revision"]?.GetValue<int>() ?? throw api.Garbled(request);
    }

    public async Task MakeTagAsync(string tag, int revision, CancellationToken cancellationToken) => (await api.SucceedAsync(
        PulumiApi.WithBody(
            At(HttpMethod.Post, changes: true, "versions", "tags"),
            new JsonObject { ["name"] = tag, ["revision"] = revision }), cancellationToken)).Dispose();

    public async Task MoveTagAsync(string tag, int revision, CancellationToken cancellationToken) => (await api.SucceedAsync(
        PulumiApi.WithBody(At(HttpMethod.Patch, changes: true, "versions", "tags", tag), new JsonObject { ["revision"] = revision }),
        cancellationToken)).Dispose();

    /// <summary>One that is gone is fine.</summary>
    public async Task RemoveTagAsync(string tag, CancellationToken cancellationToken)
    {
        using var reply = await api.ExchangeAsync(At(HttpMethod.Delete, changes: true, "versions", "tags", tag), cancellationToken);
        if (!reply.IsSuccess && reply.Status != 404)
        {
            throw api.Session.Refusal(reply, PulumiApi.Hints);
        }
    }

    /// <summary>Opens a revision as consumers do, with all imports and references resolved.</summary>
    /// <returns>Its values; keep them local.</returns>
    public async Task<JsonObject> OpenAsync(int revision, CancellationToken cancellationToken)
    {
        // A session that nobody reads ends by itself: no change that matters.
        var open = At(HttpMethod.Post, changes: false, "versions", revision.ToString(CultureInfo.InvariantCulture), "open");
        open = open with { Address = new UriBuilder(open.Address) { Query = "duration=5m" }.Uri };
        var id = (await api.ReadAsync(open, cancellationToken))["id"]?.GetValue<string>() ?? throw api.Garbled(open);
        var read = At(HttpMethod.Get, changes: false, "open", id);
        return (await api.ReadAsync(read, cancellationToken))["properties"] as JsonObject ?? throw api.Garbled(read);
    }

    private WebRequest At(HttpMethod method, bool changes, params ReadOnlySpan<string> below) =>
        api.Request(method, changes, ["api", "esc", "environments", organization, project, environment, .. below]);

    private static int? RevisionOf(WebReply reply) =>
        int.TryParse(reply.Header(RevisionHeader), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null;
}

/// <param name="Tag">The ETag, by which a write is refused if someone else has written meanwhile.</param>
internal sealed record EscRevision(string Text, int Number, string Tag);
