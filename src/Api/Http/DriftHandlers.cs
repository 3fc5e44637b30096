using Microsoft.AspNetCore.Http;
using Rotunda.Access;
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
            : throw RefusedException.NotFound(
                await call.Services.Status.GetSecretAsync(name, call.Cancelled) is null
                    ? call.Services.Status.NoSecret(name)
                    : $"'{name}' is not adopted yet, so there is nothing to compare. See why: rotunda status {name}");
    }

    public static async Task<IResult> VerifyAsync(ApiCall call)
    {
        var list = await LookAsync(call, call.Part("name"));
        return Answers.Json(list.Secrets[0], ApiJson.Default.DriftView);
    }

    public static async Task<IResult> VerifyAllAsync(ApiCall call) =>
        Answers.Json(await LookAsync(call, null), ApiJson.Default.DriftList);

    public static Task<IResult> DeliverAsync(ApiCall call) => StartAsync(call, Strategy.Deliver);

    public static Task<IResult> RetireAsync(ApiCall call) => StartAsync(call, Strategy.Retire);

    public static async Task<IResult> HandOverAsync(ApiCall call)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.ReasonBody);
        var (name, reason) = (call.Part("name"), RotationHandlers.Required(body.Reason, "reason"));
        try
        {
            return await call.Services.Leavers.HandOverAsync(name, call.Caller.Subject, reason, call.Cancelled) is { } count
                ? Answers.Json(new HandedOverView(name, count), ApiJson.Default.HandedOverView)
                : throw RefusedException.NotFound(
                    await call.Services.Ledger.GetSecretAsync(name, call.Cancelled) is not null
                        && await call.Services.Status.GetSecretAsync(name, call.Cancelled) is null
                        ? Leavers.NothingLive(name)
                        : $"There is no secret named '{RefusedException.Shown(name)}' that has left the catalog with live credentials. "
                            + "See which have: rotunda status");
        }
        catch (PlanRefusedException refused)
        {
            throw new RefusedException(StatusCodes.Status409Conflict, "rotation-open", refused.Message);
        }
    }

    private static async Task<IResult> StartAsync(ApiCall call, Strategy instead)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.ReasonBody);
        var request = new StartRequest(
            call.Part("name"),
            RotationTrigger.Manual,
            RotationHandlers.Required(body.Reason, "reason"),
            call.Caller.Subject,
            StartKey: RotationHandlers.StartKey(call)) { Instead = instead };
        return RotationHandlers.Answer(call, await call.Services.Desk.StartAsync(request, call.Cancelled));
    }

    private static async Task<DriftList> LookAsync(ApiCall call, string? name)
    {
        call.OnlyQueries();
        return await call.Services.Drift.VerifyAsync(name, call.Cancelled) is { } found
            ? new DriftList([.. found.Select(one => DriftView.Of(one.Key, one.Value))])
            : throw RefusedException.NotFound(call.Services.Status.NoSecret(name ?? ""));
    }
}
