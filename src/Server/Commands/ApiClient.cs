using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rotunda.Api.Views;

namespace Rotunda.Server.Commands;

/// <summary>The command line's side of the HTTP surface.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _url;

    /// <param name="patient">For what may take minutes.</param>
    public ApiClient(Uri address, string? token, bool patient = false)
    {
        _url = address;
        // A token for this machine does not go by way of a proxy on another one.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = !address.IsLoopback, AllowAutoRedirect = false })
        {
            BaseAddress = address,
            Timeout = patient ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(60),
        };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), type, cancellationToken);

    /// <summary>Without a body.</summary>
    public Task<T> PostAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path), type, cancellationToken);

    public Task<TOut> PostAsync<TIn, TOut>(
        string path,
        TIn body,
        JsonTypeInfo<TIn> bodyType,
        JsonTypeInfo<TOut> type,
        string? idempotencyKey,
        CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, bodyType) };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return SendAsync(request, type, cancellationToken);
    }

    /// <summary>A body that is JSON already.</summary>
    public Task<T> PostAsync<T>(string path, ReadOnlyMemory<byte> body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content }, type, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using (request)
        {
            try
            {
                using var response = await _http.SendAsync(request, cancellationToken);
                var text = await response.Content.ReadAsStringAsync(cancellationToken);
                return response.IsSuccessStatusCode
                    ? JsonSerializer.Deserialize(text, type)
                        ?? throw new CommandException(
                            ExitCodes.CannotWork,
                            $"{_url} gave an empty answer: it is no Rotunda server of this version. Look at --url.")
                    : throw Refusal(response, text);
            }
            catch (HttpRequestException problem)
            {
                throw new ServerAwayException(
                    $"No Rotunda server answers at {_url} ({problem.Message}). Start one with 'rotunda serve', or give its address with "
                        + "--url or ROTUNDA_URL.");
            }
            catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ServerAwayException(
                    $"The server at {_url} did not answer in time. Try again, or look at its log.");
            }
            catch (JsonException)
            {
                throw new CommandException(
                    ExitCodes.CannotWork,
                    $"What answers at {_url} is not a Rotunda server of this version. Look at --url or ROTUNDA_URL, and at the "
                        + "server's version.");
            }
        }
    }

    private CommandException Refusal(HttpResponseMessage response, string text)
    {
        var status = response.StatusCode;
        ProblemView? problem = null;
        try
        {
            problem = JsonSerializer.Deserialize(text, ApiJson.Default.ProblemView);
        }
        catch (JsonException)
        {
            // Not ours (a proxy's page): the status has to do.
        }

        var hint = status switch
        {
            HttpStatusCode.Unauthorized => " Set ROTUNDA_TOKEN, or make a token with 'rotunda token create'.",
            HttpStatusCode.Conflict when problem?.RotationId is { } id => $" See 'rotunda show {id}'.",
            _ => "",
        };
        if (status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
        {
            var why = problem?.Detail ?? $"The server at {_url} answered {(int)status}: it cannot work now. Try again, or look at its log.";
            return new ServerAwayException($"{why}{hint}");
        }

        if (status == HttpStatusCode.TooManyRequests && response.Headers.RetryAfter?.Delta is { } wait)
        {
            return new ServerBusyException(problem?.Detail ?? $"The server at {_url} takes no more for a while.", wait);
        }

        return new CommandException(
            ExitCodes.Refused,
            (problem?.Detail ?? $"The server at {_url} answered {(int)status} without a reason. Look at its log.") + hint);
    }
}
