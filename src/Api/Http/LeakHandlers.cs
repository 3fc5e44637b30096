using Microsoft.AspNetCore.Http;
using Rotunda.Api.Views;
using Rotunda.Leaks.Views;

namespace Rotunda.Api.Http;

internal static class LeakHandlers
{
    public static async Task<IResult> ReportAsync(ApiCall call)
    {
        call.OnlyQueries("incident");
        return Answers.Json(
            await call.Services.Leaks.ReportAsync(call.Http, call.Caller, call.Query("incident")), ApiJson.Default.LeakReport);
    }

    public static async Task<IResult> ListAsync(ApiCall call)
    {
        call.OnlyQueries();
        var sight = call.Sight;
        var leaks = await call.Services.Leaks.Desk.ListAsync(call.Cancelled);
        return Answers.Json(new LeakList([.. leaks.Where(leak => sight.Sees(leak.Secret))]), ApiJson.Default.LeakList);
    }

    public static async Task<IResult> GetAsync(ApiCall call)
    {
        call.OnlyQueries();
        return Answers.Json(
            await call.Services.Leaks.GetAsync(call.Part("id"), call.Sight.Sees, call.Cancelled), ApiJson.Default.LeakView);
    }

    /// <summary>Its address may carry a function key.</summary>
    public static async Task<IResult> GitHubAsync(ApiCall call) => Answers.Json(
        await call.Services.Leaks.TakeAsync(call.Http), ApiJson.Default.AlertView, StatusCodes.Status202Accepted);
}
