using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Views;

namespace Rotunda.Api.Http;

internal static class DoctorHandlers
{
    /// <summary>Looks now, or with <c>last=true</c> tells what was found last.</summary>
    public static async Task<IResult> GetAsync(ApiCall call)
    {
        call.OnlyQueries("last");
        var last = call.Query("last") switch
        {
            null or "false" => false,
            "true" => true,
            _ => throw RefusedException.BadField("last", "has to be true or false"),
        };
        var doctor = call.Services.Doctor;
        var report = last && doctor.Last is { } known ? known : await doctor.RunAsync(call.Cancelled);
        var sight = call.Sight;
        return Answers.Json(sight.IsWhole ? report : report with
        {
            Findings = [.. report.Findings.Where(one => sight.Sees(one.Secret))],
        }, ApiJson.Default.DoctorReport);
    }
}
