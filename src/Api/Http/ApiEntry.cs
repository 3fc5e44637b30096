using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Desk;

namespace Rotunda.Api.Http;

/// <summary>The whole surface behind one entry, for heads whose triggers do not know the routes.</summary>
public sealed class ApiEntry(ApiPipeline pipeline, ICatalogSource catalog)
{
    /// <summary>Stands before the routes of callers with a function key.</summary>
    public const string MachinePrefix = "/machine";

    private static readonly TimeSpan FreshEnough = TimeSpan.FromSeconds(30);

    /// <summary>Finds the route and runs it; writes the answer to the response.</summary>
    public async Task ServeAsync(HttpContext http)
    {
        if (RouteMatcher.Find(http.Request) is not { } route)
        {
            await ApiPipeline.ServePageAsync(http);
            return;
        }

        // Timers run on one instance only, so each instance looks for itself.
        await catalog.RefreshAsync(FreshEnough, http.RequestAborted);
        await pipeline.RunAsync(http, route);
    }

    /// <summary>The same for a request whose function key the host has checked: <c>/machine/api/…</c> is <c>/api/…</c>.</summary>
    public Task ServeMachineAsync(HttpContext http)
    {
        http.Features.Set(new HostCheckedKey());
        http.Request.Path = http.Request.Path.StartsWithSegments(MachinePrefix, StringComparison.OrdinalIgnoreCase, out var rest)
            ? rest
            : http.Request.Path;
        return ServeAsync(http);
    }
}
