using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Views;
using Rotunda.Reports.Period;

namespace Rotunda.Api.Http;

/// <summary>Reports, of the secrets whose names the caller is told.</summary>
internal static class ReportHandlers
{
    public static async Task<IResult> PeriodAsync(ApiCall call)
    {
        call.OnlyQueries("period");
        var period = call.Query("period") is { } text
            ? ReportPeriod.TryParse(text) ?? throw RefusedException.BadField("period", $"has to be like {ReportPeriod.Forms}")
            : ReportPeriod.QuarterOf(call.Services.Time.GetUtcNow());
        if (period.From > call.Services.Time.GetUtcNow())
        {
            throw RefusedException.BadField("period", "has not begun yet");
        }

        return Answers.Json(
            await call.Services.Reports.PeriodAsync(period, call.Services.Catalog.Current, Seen(call), call.Cancelled),
            ApiJson.Default.ReportFiles);
    }

    public static async Task<IResult> IncidentAsync(ApiCall call)
    {
        call.OnlyQueries();
        // A slash within a part of an address stays encoded.
        var incident = call.Part("id").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return await call.Services.Reports.IncidentAsync(
            incident, call.Services.Catalog.Current, Seen(call), call.Cancelled) is { } files
                ? Answers.Json(files, ApiJson.Default.ReportFiles)
                : throw RefusedException.NotFound(
                    "There is no rotation and no leak under this incident. See emergencies with: rotunda rotations --json");
    }

    private static Func<string, bool>? Seen(ApiCall call) => call.Sight.IsWhole ? null : call.Sight.Sees;
}
