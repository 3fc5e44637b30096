using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rotunda.Api.Access;
using Rotunda.Api.Views;

namespace Rotunda.Api.Http;

internal static class HomeHandlers
{
    private const int MostDays = 31;

    public static async Task<IResult> HomeAsync(ApiCall call)
    {
        call.OnlyQueries();
        return Answers.Json(await call.Services.Home.HomeAsync(call.Cancelled), ApiJson.Default.HomeView);
    }

    public static async Task<IResult> CalendarAsync(ApiCall call)
    {
        call.OnlyQueries("days");
        var days = call.Query("days") switch
        {
            null => 7,
            { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given is >= 1 and <= MostDays =>
                given,
            _ => throw RefusedException.BadField("days", $"has to be a whole number from 1 to {MostDays}"),
        };
        return Answers.Json(await call.Services.Home.CalendarAsync(days, call.Cancelled), ApiJson.Default.CalendarView);
    }
}
