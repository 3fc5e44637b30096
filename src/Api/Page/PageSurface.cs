using Microsoft.AspNetCore.Http;

namespace Rotunda.Api.Page;

/// <summary>Sends the page's files. Anyone may have them: what they show comes over the HTTP API, from those who may read it.</summary>
public static class PageSurface
{
    /// <summary>Nothing of other hosts, nothing inline, in no frame, and no form that a browser would send by itself.</summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'";

    private const string ForEver = "public, max-age=31536000, immutable";

    private static readonly string[] Methods = ["GET", "HEAD"];

    /// <summary>The methods that an address of the page takes; none for others.</summary>
    public static IReadOnlyList<string> MethodsOf(PathString path) => Find(path) is null ? [] : Methods;

    /// <summary>Answers if the address is the page's.</summary>
    /// <returns>False, and nothing was written, if it is not.</returns>
    public static async Task<bool> TryServeAsync(HttpContext http)
    {
        if (!Methods.Contains(http.Request.Method, StringComparer.OrdinalIgnoreCase) || Find(http.Request.Path) is not var (file, forEver))
        {
            return false;
        }

        var response = http.Response;
        Headers(response);
        response.Headers.CacheControl = forEver ? ForEver : "no-cache";
        response.Headers.ETag = file.Tag;
        response.Headers.Vary = "Accept-Encoding";
        if (http.Request.Headers.IfNoneMatch.ToString()
            .Split(',', StringSplitOptions.TrimEntries)
            .Any(tag => tag == file.Tag || tag == "*"))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return true;
        }

        var (bytes, encoding) = file.For(http.Request.Headers.AcceptEncoding.ToString());
        response.ContentType = file.ContentType;
        response.ContentLength = bytes.Length;
        if (encoding is not null)
        {
            response.Headers.ContentEncoding = encoding;
        }

        if (HttpMethods.IsGet(http.Request.Method))
        {
            await response.Body.WriteAsync(bytes, http.RequestAborted);
        }

        return true;
    }

    /// <summary>What keeps other pages away from this one, and this one from everything else.</summary>
    public static void Headers(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers["Permissions-Policy"] =
            "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), midi=(), payment=(), usb=()";
    }

    private static (PageFile File, bool ForEver)? Find(PathString path)
    {
        var files = PageFiles.Own;
        if (PageRoutes.FileAt(path) is { } view)
        {
            return files.Find(view) is { } html ? (html, false) : null;
        }

        if (PageRoutes.AssetAt(path) is not { } name || name.EndsWith(".html", StringComparison.Ordinal))
        {
            return null;
        }

        var version = files.Version + "/";
        return name.StartsWith(version, StringComparison.Ordinal)
            ? files.Find(name[version.Length..]) is { } asset ? (asset, true) : null
            : files.Find(name) is { } unversioned ? (unversioned, false) : null;
    }
}
