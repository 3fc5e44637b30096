using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rotunda.Access;
using Rotunda.Activities.Steps;
using Rotunda.Api.Page;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;

namespace Rotunda.Api.Http;

/// <summary>What every request goes through, in every head: headers, who it is, whether that one may, the handler, and what went
/// wrong.</summary>
public sealed partial class ApiPipeline(ApiServices services, ILogger<ApiPipeline> logger)
{
    public async Task RunAsync(HttpContext http, ApiRoute route)
    {
        SecurityHeaders(http.Response);
        Caller? caller = null;
        IResult result;
        try
        {
            caller = route.Permission is null ? null : await services.Callers.AuthenticateAsync(http);
            using var work = caller is null ? null : services.Limit.Enter(caller);
            EnsureMay(http, route, caller);
            if (caller is not null)
            {
                await GrantGate.EnsureAsync(http, route, caller, services);
            }

            result = await route.Handle(new ApiCall(http, services, caller));
        }
        catch (RefusedException refused)
        {
            result = Refused(http, refused);
            DeskMeter.Refused(refused.Code, caller is not null);
            await AuditAsync(http, route, caller, refused);
        }
        catch (BadHttpRequestException bad)
        {
            result = Answers.Problem(bad.StatusCode, "bad-request", "The request could not be read.");
        }
        catch (Exception problem) when (problem is LedgerUnavailableException or StoreUnavailableException)
        {
            // Their messages are made for people and say what to do.
            LogFailed(problem, route.Method, route.Pattern);
            result = Answers.Problem(StatusCodes.Status503ServiceUnavailable, "unavailable", problem.Message);
        }
        catch (Exception problem) when (!http.RequestAborted.IsCancellationRequested)
        {
            // The caller gets no details: they are for the operator's log.
            LogFailed(problem, route.Method, route.Pattern);
            result = Answers.Problem(
                StatusCodes.Status500InternalServerError,
                "internal",
                "Something went wrong here. The server's log has the details.");
        }

        await result.ExecuteAsync(http);
    }

    /// <summary>For addresses that no route has: the page; else 404, or 405 where only the method is wrong.</summary>
    public static async Task ServePageAsync(HttpContext http)
    {
        if (!await PageSurface.TryServeAsync(http))
        {
            await RefuseUnknownAsync(http);
        }
    }

    private static Task RefuseUnknownAsync(HttpContext http)
    {
        SecurityHeaders(http.Response);
        IReadOnlyList<string> methods = [.. RouteMatcher.MethodsOf(http.Request.Path), .. PageSurface.MethodsOf(http.Request.Path)];
        if (methods.Count == 0)
        {
            return Answers.Problem(StatusCodes.Status404NotFound, "no-route", RefusedException.NothingThere).ExecuteAsync(http);
        }

        http.Response.Headers.Allow = string.Join(", ", methods);
        return Answers.Problem(
            StatusCodes.Status405MethodNotAllowed,
            "no-method",
            $"This address takes {string.Join(" and ", methods)} only.").ExecuteAsync(http);
    }

    /// <summary>For what is refused before a route is looked for.</summary>
    public static Task RefuseAsync(HttpContext http, RefusedException refused)
    {
        SecurityHeaders(http.Response);
        return Refused(http, refused).ExecuteAsync(http);
    }

    private void EnsureMay(HttpContext http, ApiRoute route, Caller? caller)
    {
        if (route.Permission is { } permission && !caller!.May(permission))
        {
            throw new RefusedException(
                StatusCodes.Status403Forbidden,
                "role-missing",
                $"This needs the role {Roles.Needed(permission)}; yours is {caller.RolesInWords}. Ask an admin for it, or somebody "
                    + "who has it to do this.");
        }

        if (route.NeedsFreshSignIn)
        {
            EnsureFresh(http, services);
        }
    }

    /// <summary>Refuses a person whom an identity provider let in too long ago.</summary>
    internal static void EnsureFresh(HttpContext http, ApiServices services)
    {
        if (http.Features.Get<SignedIn>() is { } signedIn && services.Sessions.NeedsFresh(signedIn.Session))
        {
            throw new RefusedException(
                StatusCodes.Status403Forbidden,
                "sign-in-again",
                "Your sign-in is too long ago for this. Sign in again at '/sign-in?again=true' and repeat it.");
        }
    }

    private static IResult Refused(HttpContext http, RefusedException refused)
    {
        if (refused is TooManyRequestsException tooMany)
        {
            http.Response.Headers.RetryAfter = tooMany.RetryAfter;
        }

        return Answers.Problem(refused);
    }

    private static void SecurityHeaders(HttpResponse response)
    {
        PageSurface.Headers(response);
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
    }

    /// <summary>A stranger is known by nothing else.</summary>
    private static string Origin(HttpContext http) => http.Features.Get<ClientAddress>() is { } client ? $" from {client.Address}" : "";

    private async Task AuditAsync(HttpContext http, ApiRoute route, Caller? caller, RefusedException refused)
    {
        try
        {
            // Names from the address are written only where the ledger knows them, since anything may stand in an address.
            var id = http.Request.RouteValues["id"]?.ToString();
            var rotation = caller is null || id is null ? null : await services.Ledger.GetRotationAsync(id, http.RequestAborted);
            await services.Refusals.WriteAsync(
                caller?.Subject,
                $"{route.Method} {route.Pattern}{(caller is null ? Origin(http) : "")}",
                rotation?.Secret,
                rotation?.Id,
                refused.Status,
                refused.Code,
                http.RequestAborted);
        }
        catch (Exception problem)
        {
            // The refusal stands, whether it can be written or not.
            LogNotAudited(problem, route.Method, route.Pattern);
        }
    }
}
