using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Views;

namespace Rotunda.Api.Http;

internal static class NoticeHandlers
{
    public static async Task<IResult> TestAsync(ApiCall call)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.NoticeTestBody);
        var all = await call.Services.Notices.ChannelsAsync(call.Cancelled);
        if (all.Count == 0)
        {
            throw new RefusedException(
                StatusCodes.Status409Conflict, "no-channels", "The catalog names no channel. Add one under 'notices' first.");
        }

        if (body.Channel is { } name && !all.Contains(name, StringComparer.Ordinal))
        {
            throw RefusedException.NotFound(
                $"There is no channel '{RefusedException.Shown(name)}'. Those that there are: {string.Join(", ", all)}.");
        }

        var view = await call.Services.Notices.TestAsync(body.Channel is { } one ? [one] : all, call.Caller.Subject, call.Cancelled);
        return Answers.Json(view, ApiJson.Default.NoticeTestView);
    }
}
