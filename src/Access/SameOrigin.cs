using Microsoft.AspNetCore.Http;

namespace Rotunda.Access;

/// <summary>
/// Whether a request comes from this server's own page. A browser adds what it knows of a person (a cookie) to what any page asks for;
/// so for such requests it also has to say that the page is ours.
/// </summary>
internal static class SameOrigin
{
    private const string Header = "Sec-Fetch-Site";

    /// <exception cref="RefusedException">It comes from another page, or changes something and does not say where it comes
    /// from.</exception>
    public static void Check(HttpContext http)
    {
        var safe = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        if (!IsOwn(http.Request, safe))
        {
            throw new RefusedException(
                StatusCodes.Status403Forbidden,
                "cross-site",
                "This request does not come from Rotunda's own page in your browser, so it is not done in your name. Use that page; "
                    + "in a program, send a token (Authorization: Bearer …).");
        }

        if (!safe && !IsJson(http.Request))
        {
            throw new RefusedException(
                StatusCodes.Status415UnsupportedMediaType,
                "not-json",
                "Send a JSON body with Content-Type: application/json.");
        }
    }

    public static bool IsJson(HttpRequest request) =>
        string.Equals(request.ContentType?.Split(';')[0].Trim(), "application/json", StringComparison.OrdinalIgnoreCase);

    private static bool IsOwn(HttpRequest request, bool safe)
    {
        var site = request.Headers[Header];
        return site.Count > 0
            // "none": the person typed the address or came by a bookmark.
            ? site is ["same-origin"] || safe && site is ["none"]
            // Browsers leave it out on plain HTTP to other machines; old ones always.
            : safe || request.Headers.Origin is [{ } origin] && IsHost(request, origin);
    }

    private static bool IsHost(HttpRequest request, string origin) =>
        string.Equals(origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
}
