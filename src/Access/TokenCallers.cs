using Microsoft.AspNetCore.Http;

namespace Rotunda.Access;

/// <summary>Callers by bearer token: the server's way.</summary>
public sealed class TokenCallers(ITokens tokens) : ICallers
{
    private const string Scheme = "Bearer ";
    private const int LongestToken = 256;

    public async Task<Caller> AuthenticateAsync(HttpContext http)
    {
        var header = http.Request.Headers.Authorization;
        var text = header.Count == 1 ? header[0] : null;
        var token = text?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true ? text[Scheme.Length..].Trim() : null;
        if (token is { Length: > 0 and <= LongestToken } && await tokens.FindAsync(token, http.RequestAborted) is { } caller)
        {
            return caller;
        }

        http.Response.Headers.WWWAuthenticate = token is null
            ? "Bearer realm=\"rotunda\""
            : "Bearer realm=\"rotunda\", error=\"invalid_token\"";
        throw token is null
            ? new RefusedException(StatusCodes.Status401Unauthorized, "token-missing", "Send a token: Authorization: Bearer rot_…")
            : new RefusedException(StatusCodes.Status401Unauthorized, "token-invalid", "The token is unknown, expired or revoked. Ask an "
                + "admin for another one (rotunda token create).");
    }
}
