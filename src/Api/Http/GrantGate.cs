using Microsoft.AspNetCore.Http;
using Rotunda.Access;

namespace Rotunda.Api.Http;

/// <summary>Keeps callers whose roles are for some secrets only from the others, before a handler runs.</summary>
internal static class GrantGate
{
    /// <summary>Routes that concern no secret, and are for whoever has a role at all.</summary>
    private static readonly HashSet<string> s_ofNone = ["POST /api/session/link"];

    /// <exception cref="RefusedException">The caller may not.</exception>
    public static async Task EnsureAsync(HttpContext http, ApiRoute route, Caller caller, ApiServices services)
    {
        if (route.Permission is not { } permission || caller.MayEverywhere(permission)
            || s_ofNone.Contains($"{route.Method} {route.Pattern}"))
        {
            return;
        }

        if (OfOne(route))
        {
            await EnsureOnAsync(await SecretAsync(http, route, services), permission, caller, services, http.RequestAborted);
        }
        else if (permission != Permission.Read && !SelectsItself(route))
        {
            throw NotEverywhere(permission, caller);
        }
    }

    /// <summary>For a handler that knows the secret from the body.</summary>
    /// <exception cref="RefusedException">The caller may not.</exception>
    public static async Task EnsureOnAsync(
        string? secret, Permission permission, Caller caller, ApiServices services, CancellationToken cancellationToken)
    {
        var sight = services.Grants.SightOf(caller);
        if (secret is null)
        {
            // The handler says what there is that is near: to one who may know of it.
            if (!sight.IsWhole)
            {
                throw Unknown();
            }

            return;
        }

        var marks = await services.Grants.MarksOfAsync(secret, cancellationToken);
        if (!sight.IsWhole && !caller.MayOn(Permission.Read, marks))
        {
            throw Unknown();
        }

        if (permission != Permission.Read && !caller.MayOn(permission, marks))
        {
            throw new RefusedException(
                StatusCodes.Status403Forbidden,
                "not-granted",
                $"This needs the role {Roles.Needed(permission)} for {secret}; yours is {caller.RolesInWords}. Ask an admin for it, or "
                    + "somebody who has it to do this.");
        }
    }

    /// <summary>Its handler knows which secrets it is about.</summary>
    private static bool SelectsItself(ApiRoute route) =>
        route.Pattern == "/api/rotations" || route.Pattern.StartsWith("/api/campaigns", StringComparison.Ordinal);

    private static bool OfOne(ApiRoute route) =>
        route.Pattern.StartsWith("/api/secrets/{name}", StringComparison.Ordinal)
        || route.Pattern.StartsWith("/api/rotations/{id}", StringComparison.Ordinal)
        || route.Pattern.StartsWith("/api/reviews/{id}", StringComparison.Ordinal)
        || route.Pattern.StartsWith("/api/orphans/{id}", StringComparison.Ordinal);

    private static async Task<string?> SecretAsync(HttpContext http, ApiRoute route, ApiServices services)
    {
        var (name, id) = (http.Request.RouteValues["name"]?.ToString(), http.Request.RouteValues["id"]?.ToString() ?? "");
        return name
            ?? (route.Pattern.StartsWith("/api/orphans", StringComparison.Ordinal)
                ? await services.Grants.SecretOfOrphanAsync(id, http.RequestAborted)
                : await services.Grants.SecretOfRotationAsync(id, http.RequestAborted));
    }

    private static RefusedException Unknown() => RefusedException.NotFound("There is nothing of that name that is yours.");

    private static RefusedException NotEverywhere(Permission permission, Caller caller) => new(
        StatusCodes.Status403Forbidden,
        "not-granted",
        $"This needs the role {Roles.Needed(permission)} for all secrets; yours is {caller.RolesInWords}. Ask an admin for it, or somebody "
            + "who has it to do this.");
}
