using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Consumers.Http;

/// <summary>What came of one request: an outcome that ends the step, or the body of a 2xx.</summary>
/// <param name="Status">0 where there was no answer.</param>
internal sealed record HttpAnswer(StepOutcome? Problem, string Body = "", int Status = 0);

/// <summary>One request to one instance. Bodies are read up to a bound and never quoted in an outcome: they may hold anything.</summary>
internal sealed class HttpConsumerClient : IDisposable
{
    private const int MaxBody = 64 * 1024;
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<HttpAnswer> SendAsync(
        HttpMethod method,
        Uri address,
        string? token,
        TimeSpan timeout,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var what = $"{method} {address.GetLeftPart(UriPartial.Path)}";
        try
        {
            using var request = new HttpRequestMessage(method, address);
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var status = (int)response.StatusCode;
            return Problem(response, what, time) is { } problem
                ? new(problem, Status: status)
                : new(null, await BodyAsync(response, either.Token), status);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(StepOutcome.RetryLater($"{what} did not answer within {timeout.TotalSeconds} s."));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            var why = exception is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http
                ? http.HttpRequestError.ToString()
                : exception.GetType().Name;
            return new(
                StepOutcome.RetryLater($"{what} could not be sent ({why}). Check that the instance runs and that this host reaches it."));
        }
    }

    public void Dispose() => _client.Dispose();

    private static StepOutcome? Problem(HttpResponseMessage response, string what, TimeProvider time)
    {
        var status = (int)response.StatusCode;
        return status switch
        {
            >= 200 and < 300 => null,
            >= 300 and < 400 =>
                StepOutcome.Rejected($"{what} redirects (HTTP {status}). Give the address that it redirects to in 'instances'."),
            401 or 403 => StepOutcome.Rejected($"{what} refuses the token (HTTP {status}). Check 'token' and what it may do there."),
            404 or 405 or 410 or 501 =>
                StepOutcome.Rejected(
                    $"{what} does not exist there (HTTP {status}). Check 'instances' and the paths 'reloadPath', 'healthPath', "
                        + "'fingerprintPath'."),
            422 => StepOutcome.Rejected($"{what} says that it cannot work with the value that it was given (HTTP 422). Look at its own log."),
            408 or 409 or 425 or 429 or >= 500 => StepOutcome.RetryLater($"{what} answered HTTP {status}.", RetryAfter(response, time)),
            _ => StepOutcome.Rejected($"{what} answered HTTP {status}. Check 'instances' and the paths."),
        };
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        var wish = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wish > TimeSpan.Zero ? wish : null;
    }

    private static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBody);
        try
        {
            var read = await stream.ReadAtLeastAsync(buffer.AsMemory(0, MaxBody), MaxBody, throwOnEndOfStream: false, cancellationToken);
            return Encoding.UTF8.GetString(buffer, 0, read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }
}
