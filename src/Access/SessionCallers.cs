using Microsoft.AspNetCore.Http;

namespace Rotunda.Access;

/// <summary>
/// Callers of the server: by bearer token, or by the cookie of a session. Who sends a token is known by it alone.
/// </summary>
public sealed class SessionCallers(
    TokenCallers tokens,
    SessionFile sessions,
    TokenFile file,
    RoleClaims claims,
    TimeProvider time) : ICallers
{
    /// <summary>A browser keeps it for this host alone, sends it over secure connections only, and shows it to no script.</summary>
    public const string Cookie = "__Host-rotunda";

    /// <summary>A page sends it with what no person asked for.</summary>
    public const string BackgroundHeader = "Rotunda-Background";

    private const int LongestCookie = 128;

    public async Task<Caller> AuthenticateAsync(HttpContext http)
    {
        if (http.Request.Headers.Authorization.Count > 0 || http.Request.Cookies[Cookie] is not { } text)
        {
            return await tokens.AuthenticateAsync(http);
        }

        SameOrigin.Check(http);
        // A page that listens for events cannot send a header of its own.
        var isUse = !http.Request.Headers.ContainsKey(BackgroundHeader) && http.Request.Path != "/api/events";
        if (text.Length <= LongestCookie && sessions.Find(text, isUse) is { } session && CallerOf(session) is { } caller)
        {
            http.Features.Set(new SignedIn(session));
            return caller;
        }

        Forget(http.Response);
        http.Response.Headers.WWWAuthenticate = "Bearer realm=\"rotunda\"";
        throw new RefusedException(
            StatusCodes.Status401Unauthorized,
            "session-ended",
            "Your session here has ended. Sign in again: /login, or rotunda login on the server.");
    }

    /// <summary>Hands the browser its cookie. It goes when the browser is closed; the session itself ends by the server's clock.</summary>
    public static void Give(HttpResponse response, string text) => response.Cookies.Append(Cookie, text, Options);

    internal static void Forget(HttpResponse response) => response.Cookies.Delete(Cookie, Options);

    private static CookieOptions Options => new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, Path = "/" };

    /// <summary>With the rights that the person has now; null, and the session ends, if there are none left.</summary>
    private Caller? CallerOf(SessionRecord session)
    {
        if (session.Token is not { } name)
        {
            return claims.CallerOf(session.Subject, session.Claims);
        }

        if (file.Find(name) is { } token && token.Hash == session.TokenHash && token.IsGood(time.GetUtcNow()))
        {
            return token.ToCaller();
        }

        sessions.End(session);
        return null;
    }
}

/// <summary>A feature of requests that come with the cookie of a session.</summary>
public sealed record SignedIn(SessionRecord Session);
