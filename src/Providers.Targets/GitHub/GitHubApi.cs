using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.GitHub;

/// <summary>Calls of GitHub's REST API with one credential: its headers, its rate limits, its answers.</summary>
/// <param name="renew">Gets another credential when GitHub does not know this one (401); null where there is no other.</param>
internal sealed class GitHubApi(WebSession session, AuthenticationHeaderValue authorization, Func<CancellationToken, Task<AuthenticationHeaderValue>>? renew = null)
{
    private AuthenticationHeaderValue _authorization = authorization;
    private bool _isRenewed;

    private static readonly TimeSpan SecondaryLimit = TimeSpan.FromMinutes(1);

    public static WebHints Hints { get; } = new(
        new Dictionary<int, string>
        {
            [401] = "GitHub does not know the token, or the App's key: it is wrong, expired or revoked. (A machine's clock that is wrong makes an App's key fail, too.)",
            [403] = "The token may not do this: see the permissions in the provider's page. An organisation may also ask that a token be authorised for single sign-on, or approved.",
            [404] = "GitHub says this also for what the token may not see: check the names, and the token's permissions in the provider's page.",
        },
        "message");

    public WebSession Session => session;

    /// <summary>True if a credential that GitHub does not know says nothing of the next attempt.</summary>
    public bool CanRenew => renew is not null;

    public static WebRequest Get(Uri address) => new(HttpMethod.Get, address, Changes: false);

    public static WebRequest Send(HttpMethod method, Uri address, JsonNode body, bool changes = true) =>
        new(method, address, changes) { Body = JsonSerializer.SerializeToUtf8Bytes(body) };

    /// <summary>The answer, whatever it is. A credential that GitHub does not know any more is replaced by another one, once.</summary>
    /// <exception cref="WebFailureException">There was no complete answer.</exception>
    public async Task<WebReply> ExchangeAsync(WebRequest request, CancellationToken cancellationToken)
    {
        var reply = await SendAsync(request, cancellationToken);
        if (reply.Status != 401 || renew is null || _isRenewed)
        {
            return reply;
        }

        using (reply)
        {
            _isRenewed = true;
            _authorization = await renew(cancellationToken);
            return await SendAsync(request, cancellationToken);
        }
    }

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
            throw Refusal(reply, hints ?? Hints);
        }
    }

    /// <summary>A successful answer's JSON.</summary>
    /// <exception cref="WebFailureException">There was none.</exception>
    public async Task<JsonObject> ReadAsync(WebRequest request, CancellationToken cancellationToken, WebHints? hints = null)
    {
        using var reply = await SucceedAsync(request, cancellationToken, hints);
        return reply.Json() as JsonObject ?? throw Garbled(request);
    }

    public WebFailureException Garbled(WebRequest request) =>
        session.Failure(StepOutcome.RetryLater($"GitHub: {request.What} answered with something else than its API does. Check 'apiUrl', and proxies in between."));

    /// <summary>What a refusal means. One by a rate limit is to be tried again when the limit is over.</summary>
    public WebFailureException Refusal(WebReply reply, WebHints hints)
    {
        if (reply.Status == 401 && renew is not null)
        {
            return session.Failure(StepOutcome.RetryLater($"GitHub: {reply.Request.What} answered HTTP 401, also to another token of the App's installation."));
        }

        return LimitedFor(reply) is { } wait
            ? session.Failure(StepOutcome.RetryLater($"GitHub: {reply.Request.What} answered HTTP {reply.Status}: its rate limit for this token is used up.", wait))
            : session.Refusal(reply, hints);
    }

    private Task<WebReply> SendAsync(WebRequest request, CancellationToken cancellationToken) => session.SendAsync(
        request with
        {
            Authorization = _authorization,
            Headers = [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")],
        },
        cancellationToken);

    /// <summary>How long a rate limit asks to wait; null if the answer is none of a rate limit.</summary>
    public TimeSpan? LimitedFor(WebReply reply)
    {
        if (reply.Status is not (403 or 429))
        {
            return null;
        }

        if (reply.RetryAfter(session.Time) is { } asked)
        {
            return asked;
        }

        if (reply.Header("x-ratelimit-remaining") == "0" && long.TryParse(reply.Header("x-ratelimit-reset"), NumberStyles.None, CultureInfo.InvariantCulture, out var reset))
        {
            var wait = DateTimeOffset.FromUnixTimeSeconds(reset) - session.Time.GetUtcNow();
            return wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1);
        }

        return reply.Status == 429 || reply.Explanation("message")?.Contains("secondary rate limit", StringComparison.OrdinalIgnoreCase) == true ? SecondaryLimit : null;
    }
}
