using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Views;
using Rotunda.Ledger;

namespace Rotunda.Api.Http;

internal static class AuditHandlers
{
    public static async Task<IResult> ListAsync(ApiCall call)
    {
        call.OnlyQueries("after", "before", "secret", "rotation", "limit");
        var limit = RotationHandlers.Limit(call, otherwise: 200, max: 1_000);
        if (call.Query("before") is not null && call.Query("after") is not null)
        {
            throw RefusedException.BadField("before", "does not go with after: the one is for newest first, the other for oldest first");
        }

        var filter = new AuditFilter(Number(call, "after") ?? 0, call.Query("secret"), call.Query("rotation"), limit)
        {
            BeforeSequence = call.Query("before") == "end" ? long.MaxValue : Number(call, "before"),
        };
        var sight = call.Sight;
        var rows = await call.Services.Ledger.ReadAuditAsync(filter, call.Cancelled);
        return Answers.Json(
            new AuditPage([.. rows.Where(row => sight.Sees(row.Secret)).Select(View)], rows.Count == limit ? rows[^1].Sequence : null),
            ApiJson.Default.AuditPage);
    }

    private static AuditRowView View(AuditRow row) =>
        new(row.Sequence, row.At, row.Actor, row.Action, row.Secret, row.RotationId, row.StepId, row.Detail, row.PreviousHash, row.Hash);

    private static long? Number(ApiCall call, string name) => call.Query(name) switch
    {
        null => null,
        { } text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw RefusedException.BadField(name, "has to be the sequence number of a row"),
    };
}
