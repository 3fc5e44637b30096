using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Rotunda.Access;

namespace Rotunda.Api.Http;

/// <summary>Reads a request's body: small, JSON, known members only. What was sent is never repeated in an answer, except names.</summary>
internal static class JsonBody
{
    /// <summary>The largest body that is read.</summary>
    public const int Limit = 64 * 1024;

    public static async Task<T> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class
    {
        if (!SameOrigin.IsJson(http.Request))
        {
            throw new RefusedException(
                StatusCodes.Status415UnsupportedMediaType,
                "not-json",
                "Send a JSON body with Content-Type: application/json.");
        }

        var bytes = await ReadAllAsync(http.Request, http.RequestAborted);
        try
        {
            return JsonSerializer.Deserialize(bytes, type)
                ?? throw new RefusedException(
                    StatusCodes.Status400BadRequest,
                    "malformed-json",
                    "The body is null. Send an object.");
        }
        catch (JsonException problem)
        {
            throw Explain(problem);
        }
    }

    private static async Task<byte[]> ReadAllAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > Limit)
        {
            throw TooLarge();
        }

        var buffer = new byte[Limit + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > Limit ? throw TooLarge() : buffer[..length];
    }

    private static RefusedException TooLarge() =>
        new(StatusCodes.Status413PayloadTooLarge, "body-too-large", $"The body may have {Limit} bytes at most.");

    private static RefusedException Explain(JsonException problem)
    {
        var field = problem.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal)
            ? RefusedException.Shown(path[2..])
            : null;
        return field is null
            ? new RefusedException(
                StatusCodes.Status400BadRequest,
                "malformed-json",
                $"The body is not valid JSON for this route (line {(problem.LineNumber ?? 0) + 1}). See docs/http-api.md for what it "
                    + "takes.")
            : RefusedException.BadField(field, "is not known here, is given twice or has the wrong type");
    }
}
