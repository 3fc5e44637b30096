using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rotunda.Providers.Web;

/// <summary>A complete answer. Disposing clears the body, which may hold a value.</summary>
internal sealed class WebReply(
    WebRequest request,
    int status,
    HttpResponseHeaders headers,
    HttpContentHeaders contentHeaders,
    byte[] body) : IDisposable
{
    private const int LongestExplanation = 300;

    public WebRequest Request { get; } = request;

    public int Status { get; } = status;

    public bool IsSuccess => Status is >= 200 and < 300;

    public ReadOnlyMemory<byte> Body => body;

    public string? Header(string name) =>
        headers.TryGetValues(name, out var values) || contentHeaders.TryGetValues(name, out values) ? string.Join(",", values) : null;

    /// <summary>How long the vendor asks to wait (Retry-After, in seconds or as a date); null if it does not.</summary>
    public TimeSpan? RetryAfter(TimeProvider time)
    {
        var wish = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wish > TimeSpan.Zero ? wish : null;
    }

    /// <summary>The body as JSON; null if it is none.</summary>
    public JsonNode? Json()
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The first of these members of a JSON answer that is a text, for people: one line, bounded. Null if there is none, or if
    /// the request carried a value.</summary>
    public string? Explanation(params ReadOnlySpan<string> members)
    {
        if (Request.CarriesValue || Json() is not JsonObject json)
        {
            return null;
        }

        foreach (var member in members)
        {
            if (json[member] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0)
            {
                var line = string.Concat(text.Select(symbol => char.IsControl(symbol) ? ' ' : symbol));
                return line.Length <= LongestExplanation ? line : line[..LongestExplanation] + "…";
            }
        }

        return null;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(body);
}
