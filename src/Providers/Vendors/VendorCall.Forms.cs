using System.Text.Json.Nodes;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Vendors;

/// <summary>Calls in forms that many vendors share: logins by OAuth, GraphQL, and pages by their numbers.</summary>
internal sealed partial class VendorCall
{
    private const string Errors = "errors";

    /// <summary>An access token for a client's id and secret, as OAuth has it.</summary>
    /// <param name="scope">Null for none.</param>
    /// <param name="inHeader">As user and password, and not as fields.</param>
    /// <param name="audience">The API that the token is for, where the vendor wants to be told; null for none.</param>
    public async Task<SecretValue> TokenAsync(
        VendorPath path,
        string idSetting,
        string secretSetting,
        string? scope = null,
        bool inHeader = false,
        string? audience = null)
    {
        using var secret = await SecretAsync(secretSetting);
        var fields = new JsonObject { ["grant_type"] = "client_credentials", ["scope"] = scope, ["audience"] = audience };
        var auth = VendorAuth.Basic(idSetting, "");
        if (!inHeader)
        {
            (fields["client_id"], fields["client_secret"], auth) = (Text(idSetting), secret.RevealText().Trim(), VendorAuth.None);
        }

        var shown = auth.Shown(this, secret) ?? throw Rejected($"'{secretSetting}' is no client's secret. Set it anew.");
        var request = Request(HttpMethod.Post, path, fields, changes: false, isForm: true) with { CarriesValue = true };
        var reply = await ExchangeAsync(request with { Headers = [.. _api.Headers, .. await auth.HeadersAsync(this, request, shown)] });
        return reply.IsSuccess
            ? new VendorReply(this, reply, Read(reply)).Secret("access_token")
            : throw _session.Refusal(reply, _api.Hints);
    }

    /// <summary>A command as a list of words, as Redis has it over HTTP.</summary>
    public Task<VendorReply> CommandAsync(VendorPath path, bool changes, params IEnumerable<string> words) =>
        SendAsync(HttpMethod.Post, path, new JsonArray([.. words.Select(word => (JsonNode)word)]), changes);

    /// <summary>All pages by their numbers, up to the first that is empty.</summary>
    public IAsyncEnumerable<Listed> PagesAsync(int first, Func<int, VendorPath> path, Func<VendorReply, IEnumerable<Listed>> read)
    {
        var number = first;
        return ListAsync(path(first), read, page => read(page).Any() ? path(++number) : null);
    }

    /// <summary>GraphQL: an answer with errors is a refusal, whatever its status says.</summary>
    /// <returns>The data.</returns>
    public async Task<VendorReply> GraphAsync(VendorPath path, string query, bool changes, JsonObject variables)
    {
        var body = new JsonObject { ["query"] = query, ["variables"] = variables };
        var reply = await SendAsync(HttpMethod.Post, path, body, changes, refuses: answer => Read(answer)?[Errors] is not null);
        return !reply.Has(Errors)
            ? reply.At("data")
            : throw new WebFailureException(Rejected($"{System}: \"{reply.Items(Errors)[0].Text("message")}\".").Outcome)
            {
                Status = 400,
            };
    }
}
