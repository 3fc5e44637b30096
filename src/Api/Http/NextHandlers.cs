using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Views;

namespace Rotunda.Api.Http;

internal static class NextHandlers
{
    private const int Most = 1000;

    public static async Task<IResult> GetAsync(ApiCall call)
    {
        call.OnlyQueries("secret", "count");
        var name = call.Query("secret");
        var sight = call.Sight;
        if (name is not null && !sight.Sees(name))
        {
            throw RefusedException.NotFound("There is nothing of that name that is yours.");
        }

        return await call.Services.Next.ReadAsync(name, call.Number("count", 20, 1, Most), call.Cancelled) is { } runs
            ? Answers.Json(runs with { Runs = [.. runs.Runs.Where(run => sight.Sees(run.Secret))] }, ApiJson.Default.NextRuns)
            : throw RefusedException.NotFound(call.Services.Status.NoSecret(name ?? ""));
    }
}
