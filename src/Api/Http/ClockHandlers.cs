using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Views;

namespace Rotunda.Api.Http;

internal static class ClockHandlers
{
    public static async Task<IResult> GetAsync(ApiCall call)
    {
        call.OnlyQueries();
        return Answers.Json(await call.Services.Clock.LookAsync(call.Cancelled), ApiJson.Default.ClockView);
    }

    public static async Task<IResult> ConfirmAsync(ApiCall call)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.ReasonBody);
        var reason = RotationHandlers.Required(body.Reason, "reason");
        return await call.Services.Clock.ConfirmAsync(call.Caller.Subject, reason, call.Cancelled) is { } view
            ? Answers.Json(view, ApiJson.Default.ClockView)
            : throw new RefusedException(
                StatusCodes.Status409Conflict,
                "clock-believed",
                "This server's clock is believed already. Leave it: there is nothing to confirm.");
    }
}
