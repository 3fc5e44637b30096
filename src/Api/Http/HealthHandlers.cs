using Microsoft.AspNetCore.Http;
using Rotunda.Api.Views;

namespace Rotunda.Api.Http;

internal static class HealthHandlers
{
    /// <summary>The process answers.</summary>
    public static Task<IResult> HealthAsync(ApiCall call) =>
        Task.FromResult(Answers.Json(new HealthView("ok"), ApiJson.Default.HealthView));

    /// <summary>Its parts work.</summary>
    public static async Task<IResult> ReadyAsync(ApiCall call)
    {
        var checks = await call.Services.Readiness.CheckAsync(call.Cancelled);
        var ready = checks.Values.All(word => word == "ok");
        return Answers.Json(
            new HealthView(ready ? "ok" : "not ready", checks),
            ApiJson.Default.HealthView,
            ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
