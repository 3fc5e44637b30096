using Microsoft.AspNetCore.Http;
using Rotunda.Api.Views;

namespace Rotunda.Api.Http;

internal static class HomeHandlers
{
    private const int MostDays = 31;

    public static async Task<IResult> HomeAsync(ApiCall call)
    {
        call.OnlyQueries();
        return Answers.Json(await call.Services.Home.HomeAsync(call.Sight, call.Cancelled), ApiJson.Default.HomeView);
    }

    public static async Task<IResult> CalendarAsync(ApiCall call)
    {
        call.OnlyQueries("days");
        var days = call.Number("days", 7, 1, MostDays);
        return Answers.Json(await call.Services.Home.CalendarAsync(days, call.Sight, call.Cancelled), ApiJson.Default.CalendarView);
    }
}
