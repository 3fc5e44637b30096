using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Clients.Pulumi;

/// <summary>Calls of Pulumi Cloud's REST API: its headers and its answers.</summary>
internal sealed class PulumiApi(WebSession session, Uri root, string token)
{
    public const string DefaultUrl = "https://api.pulumi.com";
    public const string Accept = "application/vnd.pulumi+8";

    public static WebHints Hints { get; } = new(
        new Dictionary<int, string>
        {
            [401] = "Pulumi Cloud does not know the token: it is wrong, expired or revoked.",
            [403] = "The token may not do this: see the permissions in the provider's page.",
            [404] = "Pulumi Cloud says this also for what the token may not see: check the names, and what the token may do.",
        },
        "message");

    public WebSession Session => session;

    /// <exception cref="WebFailureException">The address or the token cannot be used.</exception>
    /// <exception cref="SettingMissingException">There is no token.</exception>
    /// <exception cref="ReferenceUnresolvedException">It leads nowhere.</exception>
    public static async Task<PulumiApi> OpenAsync(
        WebSession session,
        ProviderSettings settings,
        string urlSetting,
        string tokenSetting,
        CancellationToken cancellationToken)
    {
        using var token = await settings.RequiredSecretAsync(tokenSetting, cancellationToken);
        return new PulumiApi(
            session,
            WebAddress.Base(settings.Text(urlSetting) ?? DefaultUrl, urlSetting),
            Usable(token)
                ?? throw new WebFailureException(
                    StepOutcome.Rejected(
                        $"'{tokenSetting}' is empty or has spaces or line breaks inside, so it is no token. Set it "
                            + "anew.")));
    }

    /// <summary>The same with another token; null if it cannot be one.</summary>
    public PulumiApi? With(SecretValue other) => Usable(other) is { } text ? new PulumiApi(session, root, text) : null;

    public WebRequest Request(HttpMethod method, bool changes, params ReadOnlySpan<string> path) =>
        new(method, WebAddress.At(root, path), changes);

    public static WebRequest WithBody(WebRequest request, JsonNode body) =>
        request with { Body = JsonSerializer.SerializeToUtf8Bytes(body) };

    /// <summary>The answer, whatever it is.</summary>
    /// <exception cref="WebFailureException">There was no complete answer.</exception>
    public Task<WebReply> ExchangeAsync(WebRequest request, CancellationToken cancellationToken) => session.SendAsync(
        request with { Authorization = new AuthenticationHeaderValue("token", token), Headers = [("Accept", Accept), .. request.Headers] },
        cancellationToken);

    /// <summary>A successful answer.</summary>
    /// <exception cref="WebFailureException">There was none.</exception>
    public async Task<WebReply> SucceedAsync(WebRequest request, CancellationToken cancellationToken, WebHints? hints = null)
    {
        var reply = await ExchangeAsync(request, cancellationToken);
        if (reply.IsSuccess)
        {
            return reply;
        }

        using (reply)
        {
            throw session.Refusal(reply, hints ?? Hints);
        }
    }

    /// <summary>A successful answer's JSON.</summary>
    /// <exception cref="WebFailureException">There was none.</exception>
    public async Task<JsonObject> ReadAsync(WebRequest request, CancellationToken cancellationToken)
    {
        using var reply = await SucceedAsync(request, cancellationToken);
        return reply.Json() as JsonObject ?? throw Garbled(request);
    }

    public WebFailureException Garbled(WebRequest request) => session.Failure(request.Changes
        ? StepOutcome.Unknown($"Pulumi Cloud: {request.What} answered with something else than its API does.")
        : StepOutcome.RetryLater(
            $"Pulumi Cloud: {request.What} answered with something else than its API does. Check 'url', and proxies in between."));

    private static string? Usable(SecretValue token)
    {
        var text = token.RevealText().Trim();
        return text.Length > 0 && text.All(symbol => symbol is > ' ' and < '\x7f') ? text : null;
    }
}
