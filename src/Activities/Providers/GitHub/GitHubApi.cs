using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Activities.Providers.Web;
using Rotunda.Rotation.Credentials;

namespace Rotunda.Activities.Providers.GitHub;

/// <summary>Calls of GitHub's REST API with one credential: its headers, its rate limits, its answers.</summary>
/// <param name="refused">Called when GitHub does not know the credential (401), where another one can be had; else null.</param>
internal sealed class GitHubApi(WebSession session, AuthenticationHeaderValue authorization, Action? refused = null)
{
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

    public static WebRequest Get(Uri address) => new(HttpMethod.Get, address, Changes: false);

    public static WebRequest Send(HttpMethod method, Uri address, JsonNode body, bool changes = true) =>
        new(method, address, changes) { Body = JsonSerializer.SerializeToUtf8Bytes(body) };

    /// <summary>The answer, whatever it is.</summary>
    /// <exception cref="WebFailureException">There was no complete answer.</exception>
    public Task<WebReply> ExchangeAsync(WebRequest request, CancellationToken cancellationToken) => session.SendAsync(
        request with
        {
            Authorization = authorization,
            Headers = [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")],
        },
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
        if (reply.Status == 401 && refused is not null)
        {
            refused();
            return session.Failure(StepOutcome.RetryLater("GitHub does not know the token of the App's installation any more. Another one is taken for the next attempt."));
        }

        return LimitedFor(reply) is { } wait
            ? session.Failure(StepOutcome.RetryLater($"GitHub: {reply.Request.What} answered HTTP {reply.Status}: its rate limit for this token is used up.", wait))
            : session.Refusal(reply, hints);
    }

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
