using Microsoft.AspNetCore.Http;

namespace Rotunda.Access;

/// <summary>
/// Callers that the platform has checked: people (and apps) by App Service Authentication, machines by a function key.
/// </summary>
/// <param name="platformChecks">True only while the platform sets the client principal itself; it then takes away what callers
/// send under that name. Otherwise anyone could send one, so it is not looked at.</param>
/// <param name="machineRole">The role of callers with a function key.</param>
public sealed class PlatformCallers(bool platformChecks, Role machineRole) : ICallers
{
    /// <summary>Subject of all callers with a function key: the host does not tell which key it was.</summary>
    public const string Machine = "machine";

    public const string PrincipalHeader = "X-MS-CLIENT-PRINCIPAL";

    private const int LongestHeader = 64 * 1024;

    public Task<Caller> AuthenticateAsync(HttpContext http) =>
        Task.FromResult(http.Features.Get<HostCheckedKey>() is not null ? new Caller(Machine, machineRole) : Person(http));

    private Caller Person(HttpContext http)
    {
        var header = http.Request.Headers[PrincipalHeader];
        if (!platformChecks)
        {
            throw Refuse(
                http,
                "sign-in-off",
                "App Service Authentication is off for this app, so nobody can sign in. Turn it on, or come with a function key to "
                    + "/machine/api/…");
        }

        if (header.Count == 0)
        {
            throw Refuse(
                http,
                "sign-in-missing",
                "Sign in through App Service Authentication, or come with a function key to /machine/api/…");
        }

        if (header is not [{ Length: <= LongestHeader } text] || ClientPrincipal.TryRead(text) is not { } caller)
        {
            throw Refuse(http, "sign-in-invalid", "The client principal cannot be read, or names nobody. Sign in again.");
        }

        // A token is sent by who means to; the platform's cookie is sent by the browser, whatever page asks.
        if (!http.Request.Headers.Authorization.Any(value => value?.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) == true))
        {
            SameOrigin.Check(http);
        }

        return caller;
    }

    private static RefusedException Refuse(HttpContext http, string code, string detail)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer realm=\"rotunda\"";
        return new RefusedException(StatusCodes.Status401Unauthorized, code, detail);
    }
}

/// <summary>A feature of requests whose function key the host has checked. Only a trigger with authorization level Function sets
/// it.</summary>
public sealed class HostCheckedKey;
