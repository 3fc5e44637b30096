using Microsoft.AspNetCore.Http;
using Rotunda.Api.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Http;

internal static class DriftHandlers
{
    public static async Task<IResult> GetAsync(ApiCall call)
    {
        call.OnlyQueries();
        var name = call.Part("name");
        return await call.Services.Ledger.GetSecretAsync(name, call.Cancelled) is { } secret
            ? Answers.Json(DriftView.Of(name, secret.Drift), ApiJson.Default.DriftView)
            : throw RefusedException.NotFound("There is no secret with that name, or it is not adopted yet.");
    }

    public static async Task<IResult> VerifyAsync(ApiCall call)
    {
        var list = await LookAsync(call, call.Part("name"));
        return Answers.Json(list.Secrets[0], ApiJson.Default.DriftView);
    }

    public static async Task<IResult> VerifyAllAsync(ApiCall call) =>
        Answers.Json(await LookAsync(call, null), ApiJson.Default.DriftList);

    public static async Task<IResult> DeliverAsync(ApiCall call)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.ReasonBody);
        var request = new StartRequest(
            call.Part("name"),
            RotationTrigger.Manual,
            RotationHandlers.Required(body.Reason, "reason"),
            call.Caller.Subject,
            StartKey: RotationHandlers.StartKey(call)) { Instead = Strategy.Deliver };
        return RotationHandlers.Answer(call, await call.Services.Desk.StartAsync(request, call.Cancelled));
    }

    private static async Task<DriftList> LookAsync(ApiCall call, string? name)
    {
        call.OnlyQueries();
        return await call.Services.Drift.VerifyAsync(name, call.Cancelled) is { } found
            ? new DriftList([.. found.Select(one => DriftView.Of(one.Key, one.Value))])
            : throw RefusedException.NotFound("The catalog has no secret with that name.");
    }
}
