using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rotunda.Api.Access;
using Rotunda.Api.Views;
using Rotunda.Ledger;

namespace Rotunda.Api.Http;

internal static class AuditHandlers
{
    public static async Task<IResult> ListAsync(ApiCall call)
    {
        call.OnlyQueries("after", "secret", "rotation", "limit");
        var limit = RotationHandlers.Limit(call, otherwise: 200, max: 1_000);
        var filter = new AuditFilter(After(call.Query("after")), call.Query("secret"), call.Query("rotation"), limit);
        var rows = await call.Services.Ledger.ReadAuditAsync(filter, call.Cancelled);
        return Answers.Json(
            new AuditPage([.. rows.Select(View)], rows.Count == limit ? rows[^1].Sequence : null),
            ApiJson.Default.AuditPage);
    }

    private static AuditRowView View(AuditRow row) =>
        new(row.Sequence, row.At, row.Actor, row.Action, row.Secret, row.RotationId, row.StepId, row.Detail, row.PreviousHash, row.Hash);

    private static long After(string? text) => text switch
    {
        null => 0,
        _ when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after) => after,
        _ => throw RefusedException.BadField("after", "has to be the sequence number of a row"),
    };
}
