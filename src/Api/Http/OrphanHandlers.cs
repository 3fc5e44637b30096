using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;

namespace Rotunda.Api.Http;

internal static class OrphanHandlers
{
    private static readonly Dictionary<string, SettleKind> Words = new(StringComparer.Ordinal)
    {
        ["revoke"] = SettleKind.Revoke,
        ["revoked"] = SettleKind.Revoked,
        ["kept"] = SettleKind.Kept,
    };

    public static async Task<IResult> ListAsync(ApiCall call)
    {
        call.OnlyQueries();
        var (desk, views) = (call.Services.Orphans, new List<OrphanView>());
        var sight = call.Sight;
        foreach (var orphan in (await desk.ListAsync(call.Cancelled)).Where(one => sight.Sees(one.Secret)))
        {
            var provider = await desk.ProviderOfAsync(orphan.Secret, call.Cancelled);
            var progress = await desk.ProgressAsync(orphan.Id, call.Cancelled);
            views.Add(new OrphanView(
                orphan.Id, orphan.Secret, provider?.Type, orphan.ProviderCredentialId, orphan.Account, orphan.Label, orphan.CreatedAt,
                orphan.ExpiresAt, orphan.Note, desk.CanRevoke(orphan, provider), progress.IsRevoking, progress.Problem));
        }

        return Answers.Json(new OrphanList(views), ApiJson.Default.OrphanList);
    }

    public static async Task<IResult> SettleAsync(ApiCall call)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.SettleBody);
        var reason = RotationHandlers.Required(body.Reason, "reason");
        if (!Words.TryGetValue(body.How ?? "", out var how))
        {
            throw RefusedException.BadField("how", $"must be one of {string.Join(", ", Words.Keys)}");
        }

        if (!long.TryParse(call.Part("id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            throw RefusedException.NotFound("There is no such orphan.");
        }

        var outcome = await call.Services.Orphans.SettleAsync(id, how, call.Caller.Subject, reason, call.Cancelled);
        return outcome.Kind switch
        {
            SettledKind.Settled => Answers.Json(new SettledView(id, outcome.Message, true), ApiJson.Default.SettledView),
            SettledKind.Revoking =>
                Answers.Json(new SettledView(id, outcome.Message, false), ApiJson.Default.SettledView, StatusCodes.Status202Accepted),
            SettledKind.Unknown => throw RefusedException.NotFound(outcome.Message),
            _ => throw new RefusedException(StatusCodes.Status409Conflict, "not-settled", outcome.Message),
        };
    }
}
