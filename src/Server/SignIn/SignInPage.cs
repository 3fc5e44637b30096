using System.Text.Encodings.Web;
using Rotunda.Api.Page;

namespace Rotunda.Server.SignIn;

/// <summary>
/// The small pages after the identity provider. The browser comes from another site then, so it does not send our cookie yet; from a page
/// of our own it goes on with it, and the provider's code is out of its address.
/// </summary>
internal static class SignInPage
{
    /// <param name="path">An address of the page.</param>
    public static Task GoOnAsync(HttpContext http, string path)
    {
        var address = HtmlEncoder.Default.Encode(path);
        return WriteAsync(
            http,
            StatusCodes.Status200OK,
            $"<meta http-equiv=\"refresh\" content=\"0; url={address}\"><title>Rotunda</title><p>Signed in. <a "
                + $"href=\"{address}\">Go on</a></p>");
    }

    public static Task RefuseAsync(HttpContext http, int status, string text) => WriteAsync(
        http,
        status,
        $"<title>Rotunda: not signed in</title><p>{HtmlEncoder.Default.Encode(text)}</p><p><a href=\"/\">Start page</a></p>");

    private static Task WriteAsync(HttpContext http, int status, string html)
    {
        PageSurface.Headers(http.Response);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync($"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">{html}", http.RequestAborted);
    }
}
