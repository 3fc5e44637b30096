using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Views;

namespace Rotunda.Api.Http;

/// <summary>For monitors: whether the secrets are well, and what is measured.</summary>
internal static class SightHandlers
{
    public static async Task<IResult> SecretsAsync(ApiCall call)
    {
        call.OnlyQueries();
        var health = await call.Services.Health.ReadAsync(call.Sight, call.Cancelled);
        return Answers.Json(
            health,
            ApiJson.Default.SecretsHealthView,
            health.Status == "failing" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    /// <summary>Its numbers are of all secrets, and some have names: for those who may read all.</summary>
    public static Task<IResult> MetricsAsync(ApiCall call) => call.Caller.MayEverywhere(Permission.Read)
        ? Task.FromResult<IResult>(new Page(call.Services.Metrics))
        : throw new RefusedException(
            StatusCodes.Status403Forbidden,
            "not-granted",
            $"This needs the role {Roles.Needed(Permission.Read)} for all secrets; yours is {call.Caller.RolesInWords}. Ask an admin for "
                + "it (rotunda token create NAME --role viewer).");

    private sealed class Page(IMetricsPage page) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => page.WriteAsync(httpContext);
    }
}
