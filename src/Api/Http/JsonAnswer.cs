using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Rotunda.Api.Http;

/// <summary>An answer as JSON. What is read, and is not small, comes compressed to who takes that; what was made just now (a token, a
/// link) never is, so that its size tells nothing of it.</summary>
internal sealed class JsonAnswer<T>(T value, JsonTypeInfo<T> type, int status) : IResult
{
    /// <summary>A smaller one fits into one packet anyway.</summary>
    private const int Small = 1_200;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, type);
        response.StatusCode = status;
        response.ContentType = "application/json";
        if (HttpMethods.IsGet(request.Method) && status == StatusCodes.Status200OK && bytes.Length > Small)
        {
            response.Headers.Vary = "Accept-Encoding";
            if (TakesBrotli(request.Headers.AcceptEncoding.ToString()))
            {
                response.Headers.ContentEncoding = "br";
                bytes = Compressed(bytes);
            }
        }

        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }

    private static bool TakesBrotli(string accepted) =>
        accepted.Split(',', StringSplitOptions.TrimEntries).Contains("br", StringComparer.Ordinal);

    private static byte[] Compressed(byte[] bytes)
    {
        using var into = new MemoryStream();
        using (var stream = new BrotliStream(into, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(bytes);
        }

        return into.ToArray();
    }
}
