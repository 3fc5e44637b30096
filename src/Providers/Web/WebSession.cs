using System.Net.Sockets;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Web;

/// <summary>
/// The calls of one ability's run. It remembers whether one of them may have changed something: from then on no refusal of a
/// later one is passed on as "nothing happened", and the reason says what was done and what may have been.
/// </summary>
internal sealed class WebSession(WebClient client, TimeProvider time, string system)
{
    private const int MostTold = 5;
    private readonly List<string> _done = [];
    private readonly List<string> _open = [];

    /// <summary>True once a call that changes something was answered with success, or not answered.</summary>
    public bool MayHaveChanged => _done.Count + _open.Count > 0;

    public TimeProvider Time => time;

    /// <summary>Sends it and reads the whole answer, whatever its status. The caller disposes it.</summary>
    /// <exception cref="WebFailureException">There was no complete answer.</exception>
    public async Task<WebReply> SendAsync(WebRequest request, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(request.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var reply = await client.ExchangeAsync(request, either.Token);
            if (request.Changes && reply.IsSuccess && !request.Refuses(reply))
            {
                _done.Add(request.What);
            }

            return reply;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw NoAnswer(request, $"did not answer within {request.Timeout.TotalSeconds:0} s");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw NoAnswer(request, exception);
        }
    }

    /// <summary>As <see cref="SendAsync"/>, but anything else than a 2xx is a failure, by <see cref="Refusal"/>.</summary>
    /// <param name="hints">What a status means here and what to do about it, for people.</param>
    public async Task<WebReply> SucceedAsync(WebRequest request, WebHints hints, CancellationToken cancellationToken)
    {
        var reply = await SendAsync(request, cancellationToken);
        if (reply.IsSuccess)
        {
            return reply;
        }

        using (reply)
        {
            throw Refusal(reply, hints);
        }
    }

    /// <summary>What an answer other than 2xx means: refused for good, to be tried later, or nobody knows.</summary>
    public WebFailureException Refusal(WebReply reply, WebHints hints)
    {
        var why = $"{system}: {reply.Request.What} answered HTTP {reply.Status}{Quoted(reply, hints)}. {hints.For(reply.Status)}".TrimEnd();
        var wait = reply.RetryAfter(time);
        var failure = reply.Status switch
        {
            408 or >= 500 and not (501 or 505) when !reply.Request.Changes || (reply.Status == 503 && wait is not null) =>
                Failure(StepOutcome.RetryLater(why, wait)),
            408 or >= 500 and not (501 or 505) => Failure(StepOutcome.Unknown(why) with { RetryAfter = wait }),
            409 or 423 or 425 or 429 => Failure(StepOutcome.RetryLater(why, wait)),
            403 when wait is not null => Failure(StepOutcome.RetryLater(why, wait)),
            _ => Failure(StepOutcome.Rejected(why)),
        };
        return new WebFailureException(failure.Outcome) { Status = reply.Status };
    }

    /// <summary>A failure that the provider found itself, in an answer say. After a change it is Unknown, as the step as a whole has
    /// neither happened nor not happened; the reason tells which part has.</summary>
    public WebFailureException Failure(StepOutcome outcome) => Failure(outcome, _open);

    private WebFailureException Failure(StepOutcome outcome, IReadOnlyCollection<string> open)
    {
        var before = Before(open);
        var isUnsure = MayHaveChanged && outcome.Kind is StepOutcomeKind.Rejected or StepOutcomeKind.RetryLater;
        return new(outcome with
        {
            Kind = isUnsure ? StepOutcomeKind.Unknown : outcome.Kind,
            Reason = before.Length > 0 && !outcome.Succeeded ? $"{outcome.Reason} {before}" : outcome.Reason,
        });
    }

    /// <summary>What the calls before have done, for people; empty if nothing.</summary>
    private string Before(IReadOnlyCollection<string> open) => string.Join(' ', new[]
    {
        _done.Count > 0 ? $"Done before it: {Told(_done)}." : "",
        open.Count > 0 ? $"Perhaps done before it: {Told(open)}." : "",
    }.Where(part => part.Length > 0));

    private static string Told(IReadOnlyCollection<string> calls) =>
        string.Join(", ", calls.Take(MostTold)) + (calls.Count > MostTold ? $" and {calls.Count - MostTold} more" : "");

    private WebFailureException NoAnswer(WebRequest request, Exception exception)
    {
        var error = (exception as HttpRequestException)?.HttpRequestError ?? HttpRequestError.Unknown;
        var nothingSent = error is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
        return nothingSent
            ? Failure(
                StepOutcome.RetryLater(
                    $"{system}: {request.Address.Authority} cannot be reached ({WhyUnreached(error, exception)}). Check the address, the "
                        + "network and the certificate."))
            : NoAnswer(request, $"gave no complete answer ({(error == HttpRequestError.Unknown ? exception.GetType().Name : error)})");
    }

    private static string WhyUnreached(HttpRequestError error, Exception exception) => error switch
    {
        HttpRequestError.NameResolutionError => "its name is not found",
        HttpRequestError.SecureConnectionError => "TLS could not be made: it has none at that port, or a certificate that is not trusted",
        HttpRequestError.ProxyTunnelError => "the proxy in between refuses",
        _ => (exception.InnerException as SocketException)?.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "connection refused: nothing listens at that port",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown => "no way there in the network",
            SocketError.TimedOut => "no answer in time",
            _ => $"{error}",
        },
    };

    private WebFailureException NoAnswer(WebRequest request, string why)
    {
        var reason = $"{system}: {request.What} {why}.";
        List<string> open = [.. _open];
        if (request.Changes)
        {
            _open.Add(request.What);
        }

        return Failure(request.Changes ? StepOutcome.Unknown(reason) : StepOutcome.RetryLater(reason), open);
    }

    private static string Quoted(WebReply reply, WebHints hints) => reply.Explanation(hints.Members) is { } text ? $" (\"{text}\")" : "";
}
