using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Views;
using Rotunda.Providers.Contract;

namespace Rotunda.Api.Http;

internal static class RekeyHandlers
{
    /// <summary>One slice; whoever asks repeats it until it is done.</summary>
    public static async Task<IResult> MoveAsync(ApiCall call)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.ReasonBody);
        var reason = RotationHandlers.Required(body.Reason, "reason");
        try
        {
            return await call.Services.Rekey.MoveAsync(call.Caller.Subject, reason, call.Cancelled) is { } view
                ? Answers.Json(view, ApiJson.Default.RekeyView)
                : throw new RefusedException(
                    StatusCodes.Status409Conflict,
                    "no-embedded-store",
                    "This head has no embedded store, and so no master key. Renew the key of its own store there.");
        }
        catch (StoreUnavailableException refused)
        {
            throw new RefusedException(StatusCodes.Status409Conflict, "not-rekeyed", refused.Message);
        }
    }
}
