using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Rotunda.Access;

/// <summary>Reads a body of a size of its own. What it was read through is cleared, since it may hold a value.</summary>
public static class BoundedBody
{
    private const int Part = 16 * 1024;

    /// <param name="most">In bytes; more than the server's usual limit, if need be.</param>
    /// <exception cref="RefusedException">It is larger.</exception>
    public static async Task<byte[]> ReadAsync(HttpContext http, int most)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit && limit.MaxRequestBodySize < most)
        {
            limit.MaxRequestBodySize = most;
        }

        if (http.Request.ContentLength > most)
        {
            throw TooLarge(most);
        }

        using var buffer = new MemoryStream();
        var part = new byte[Part];
        try
        {
            int read;
            while ((read = await http.Request.Body.ReadAsync(part, http.RequestAborted)) > 0)
            {
                if (buffer.Length + read > most)
                {
                    throw TooLarge(most);
                }

                buffer.Write(part, 0, read);
            }

            return buffer.ToArray();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer.GetBuffer());
            CryptographicOperations.ZeroMemory(part);
        }
    }

    private static RefusedException TooLarge(int most) =>
        new(StatusCodes.Status413PayloadTooLarge, "body-too-large", $"The body may have {most} bytes at most. Send it in parts.");
}
