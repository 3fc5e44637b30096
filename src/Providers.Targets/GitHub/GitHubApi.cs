using System.Globalization;
using System.Net.Http.Headers;
using Octokit;
using Octokit.Internal;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.GitHub;

/// <summary>Octokit's calls of GitHub's REST API with one credential: its headers, its rate limits, its answers.</summary>
/// <param name="renew">Gets another credential when GitHub does not know this one (401); null where there is no other.</param>
internal sealed class GitHubApi(
    WebSession session, Uri root, AuthenticationHeaderValue authorization,
    Func<CancellationToken, Task<AuthenticationHeaderValue>>? renew = null)
{
    private static readonly TimeSpan SecondaryLimit = TimeSpan.FromMinutes(1);
    private static readonly Octokit.ProductHeaderValue Product = new("rotunda");
    private static readonly InMemoryCredentialStore Anonymous = new(Octokit.Credentials.Anonymous);
    private static readonly SimpleJsonSerializer Json = new();
    private AuthenticationHeaderValue _authorization = authorization;
    private bool _isRenewed;

    public static WebHints Hints { get; } = new(
        new Dictionary<int, string>
        {
            [401] = "GitHub does not know the token, or the App's key: it is wrong, expired or revoked. "
                + "(A machine's clock that is wrong makes an App's key fail, too.)",
            [403] = "The token may not do this: see the permissions in the provider's page. "
                + "An organisation may also ask that a token be authorised for single sign-on, or approved.",
            [404] = "GitHub says this also for what the token may not see: "
                + "check the names, and the token's permissions in the provider's page.",
        },
        "message");

    public WebSession Session => session;

    /// <summary>What Octokit makes of a successful answer.</summary>
    /// <param name="call">Returns null if the answer lacks something.</param>
    /// <exception cref="WebFailureException">GitHub refused, or there was no such answer.</exception>
    public async Task<T> CallAsync<T>(Func<IGitHubClient, Task<T?>> call, CancellationToken cancellationToken, WebHints? hints = null)
        where T : class
    {
        using var transport = new GitHubTransport((request, token) => SucceedAsync(request, hints ?? Hints, token), cancellationToken);
        T? answer;
        try
        {
            answer = await call(new GitHubClient(new Connection(Product, root, Anonymous, transport, Json)));
        }
        catch (Exception) when (transport.Answered is not null)
        {
            // Octokit's reader throws many kinds, and their texts quote the answer: none is passed on.
            answer = null;
        }

        return answer ?? throw session.Failure(StepOutcome.RetryLater(
            $"GitHub: {transport.Answered!.What} answered with something else than its API does. Check 'apiUrl', and proxies in between."));
    }

    /// <summary>As <see cref="CallAsync"/>, but null where GitHub answers that there is no such thing.</summary>
    /// <exception cref="WebFailureException">GitHub refused in another way, or there was no such answer.</exception>
    public async Task<T?> FindAsync<T>(Func<IGitHubClient, Task<T?>> call, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await CallAsync(call, cancellationToken);
        }
        catch (WebFailureException refused) when (refused.Status == 404)
        {
            return null;
        }
    }

    /// <summary>A successful answer. A credential that GitHub does not know any more is replaced by another one, once.</summary>
    private async Task<WebReply> SucceedAsync(WebRequest request, WebHints hints, CancellationToken cancellationToken)
    {
        var reply = await SendAsync(request, cancellationToken);
        if (reply.Status == 401 && renew is not null && !_isRenewed)
        {
            reply.Dispose();
            _isRenewed = true;
            _authorization = await RenewedAsync(renew, cancellationToken);
            reply = await SendAsync(request, cancellationToken);
        }

        if (reply.IsSuccess)
        {
            return reply;
        }

        using (reply)
        {
            throw Refusal(reply, hints);
        }
    }

    /// <summary>In the middle of a delivery: what cannot be read now does not mean that nothing has happened.</summary>
    private async Task<AuthenticationHeaderValue> RenewedAsync(
        Func<CancellationToken, Task<AuthenticationHeaderValue>> renewing, CancellationToken cancellationToken)
    {
        try
        {
            return await renewing(cancellationToken);
        }
        catch (OutcomeException problem) when (problem is not WebFailureException)
        {
            throw session.Failure(problem.Outcome);
        }
    }

    private Task<WebReply> SendAsync(WebRequest request, CancellationToken cancellationToken) => session.SendAsync(
        request with
        {
            Authorization = _authorization,
            Headers = [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")],
        },
        cancellationToken);

    /// <summary>What a refusal means. Only one for good tells its status.</summary>
    private WebFailureException Refusal(WebReply reply, WebHints hints)
    {
        if (reply.Status == 401 && renew is not null)
        {
            return session.Failure(StepOutcome.RetryLater(
                $"GitHub: {reply.Request.What} answered HTTP 401, also to another token of the App's installation."));
        }

        if (LimitedFor(reply) is { } wait)
        {
            return session.Failure(StepOutcome.RetryLater(
                $"GitHub: {reply.Request.What} answered HTTP {reply.Status}: its rate limit for this token is used up.", wait));
        }

        // An App's tokens come from no reference, so nobody else takes them out of what is quoted.
        var refusal = session.Refusal(reply, hints);
        var reason = refusal.Message.Replace(_authorization.Parameter!, "***", StringComparison.Ordinal);
        return new WebFailureException(refusal.Outcome with { Reason = reason }) { Status = refusal.Status };
    }

    /// <summary>How long a rate limit asks to wait; null if the answer is none of a rate limit.</summary>
    private TimeSpan? LimitedFor(WebReply reply)
    {
        if (reply.Status is not (403 or 429))
        {
            return null;
        }

        if (reply.RetryAfter(session.Time) is { } asked)
        {
            return asked;
        }

        if (reply.Header("x-ratelimit-remaining") == "0"
            && long.TryParse(reply.Header("x-ratelimit-reset"), NumberStyles.None, CultureInfo.InvariantCulture, out var reset))
        {
            var wait = DateTimeOffset.FromUnixTimeSeconds(reset) - session.Time.GetUtcNow();
            return wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1);
        }

        var isSecondary = reply.Explanation("message")?.Contains("secondary rate limit", StringComparison.OrdinalIgnoreCase) == true;
        return reply.Status == 429 || isSecondary ? SecondaryLimit : null;
    }
}
