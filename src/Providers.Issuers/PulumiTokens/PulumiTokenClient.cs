using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Pulumi;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.PulumiTokens;

/// <summary>The access tokens of an organisation, a team or a user.</summary>
internal sealed class PulumiTokenClient(PulumiApi api, string? organization, string? team)
{
    /// <summary>For people.</summary>
    public string Whose =>
        team is not null ? $"team {organization}/{team}" : organization is not null ? $"organisation {organization}" : "the user";

    public WebSession Session => api.Session;

    /// <summary>Makes one.</summary>
    /// <param name="body">What the vendor wants for this kind.</param>
    /// <returns>The id and the value.</returns>
    public async Task<(string Id, SecretValue Value)> MakeAsync(JsonObject body, CancellationToken cancellationToken)
    {
        var request = PulumiApi.WithBody(At(HttpMethod.Post, changes: true), body);
        using var reply = await api.SucceedAsync(request, cancellationToken);
        return reply.Json() is JsonObject json
            && json["id"]?.GetValue<string>() is { Length: > 0 } id
            && json["tokenValue"]?.GetValue<string>() is { Length: > 0 } value
            ? (id, SecretValue.FromText(value)) : throw api.Garbled(request);
    }

    /// <summary>Every one that has not expired.</summary>
    public async Task<IReadOnlyList<PulumiToken>> ListAsync(CancellationToken cancellationToken)
    {
        var request = At(HttpMethod.Get, changes: false);
        var json = await api.ReadAsync(request, cancellationToken);
        return json["tokens"] is JsonArray tokens
            ? [.. tokens.Select(token => Read(token as JsonObject ?? throw api.Garbled(request), request))]
            : throw api.Garbled(request);
    }

    /// <summary>False if there is none of that id.</summary>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        using var reply = await api.ExchangeAsync(At(HttpMethod.Delete, changes: true, id), cancellationToken);
        return reply.IsSuccess || (reply.Status == 404 ? false : throw api.Session.Refusal(reply, PulumiApi.Hints));
    }

    private PulumiToken Read(JsonObject json, WebRequest request) => new(
        json["id"]?.GetValue<string>() ?? throw api.Garbled(request),
        json["description"]?.GetValue<string>() ?? "",
        DateTimeOffset.TryParse(
            json["created"]?.GetValue<string>(),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var created) ? created : null,
        json["lastUsed"]?.GetValue<long>() is > 0 and var used ? DateTimeOffset.FromUnixTimeSeconds(used) : null);

    private WebRequest At(HttpMethod method, bool changes, params string[] below) => api.Request(
        method,
        changes,
        [
            .. team is not null
                ? ["api", "orgs", organization!, "teams", team, "tokens"]
                : organization is not null ? ["api", "orgs", organization, "tokens"] : (string[])["api", "user", "tokens"],
            .. below,
        ]);
}

/// <param name="Label">Rotunda's label: the description.</param>
/// <param name="LastUsedAt">Null: never.</param>
internal sealed record PulumiToken(string Id, string Label, DateTimeOffset? CreatedAt, DateTimeOffset? LastUsedAt);
