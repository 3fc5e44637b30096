using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Http;

internal static class SecretHandlers
{
    public static async Task<IResult> ListAsync(ApiCall call)
    {
        call.OnlyQueries("q", "group", "after", "limit");
        if (call.Http.Request.Query.Count > 0)
        {
            return await PageAsync(call);
        }

        var (sight, secrets) = (call.Sight, await call.Services.Status.ListAsync(call.Cancelled));
        var list = new SecretList([.. secrets.Where(one => sight.Sees(one.Name))], call.Services.Clock.Doubt)
        {
            Catalog = call.Services.Status.CatalogProblem(sight),
        };
        return Answers.Json(list, ApiJson.Default.SecretList);
    }

    /// <summary>Any of the parameters asks for a page: without them all secrets are told.</summary>
    private static async Task<IResult> PageAsync(ApiCall call)
    {
        ScheduleGroup? group = call.Query("group") is { } word
            ? Words.Group(word) ?? throw RefusedException.BadField("group", "is not a group of the status")
            : null;
        var page = await call.Services.Home.SearchAsync(
            call.Query("q"),
            group,
            call.Query("after"),
            RotationHandlers.Limit(call, otherwise: 50, max: 200),
            call.Sight,
            call.Cancelled);
        return Answers.Json(page, ApiJson.Default.SecretList);
    }

    public static async Task<IResult> GetAsync(ApiCall call)
    {
        call.OnlyQueries();
        return await call.Services.Status.GetSecretAsync(call.Part("name"), call.Cancelled) is { } view
            ? Answers.Json(view, ApiJson.Default.SecretView)
            : throw RefusedException.NotFound(call.Services.Status.NoSecret(call.Part("name")));
    }

    public static async Task<IResult> PlanAsync(ApiCall call)
    {
        call.OnlyQueries("trigger", "revokeFirst", "run");
        var trigger = Trigger(call.Query("trigger"));
        var revokeFirst = call.Query("revokeFirst") switch
        {
            null or "false" => false,
            "true" when trigger == RotationTrigger.Emergency => true,
            "true" => throw RefusedException.BadField("revokeFirst", "is for emergencies only"),
            _ => throw RefusedException.BadField("revokeFirst", "has to be true or false"),
        };
        var request = new StartRequest(
            call.Part("name"),
            trigger,
            "dry run",
            call.Caller.Subject,
            trigger == RotationTrigger.Emergency ? "dry run" : null,
            revokeFirst) { Instead = Run(call.Query("run"), trigger) };
        try
        {
            return await call.Services.Desk.PlanAsync(request, call.Cancelled) is { } plan
                ? Answers.Json(plan, ApiJson.Default.RotationPlan)
                : throw RefusedException.NotFound(call.Services.Status.NoSecret(call.Part("name")));
        }
        catch (PlanRefusedException refused)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity, "no-plan", refused.Message);
        }
    }

    public static async Task<IResult> AdoptAsync(ApiCall call)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.ControlBody);
        if (body.By is not null)
        {
            throw RefusedException.BadField("by", "is for extend-grace only");
        }

        var reason = RotationHandlers.Required(body.Reason, "reason");
        var name = call.Part("name");
        var outcome = await call.Services.Adoption.CorrectAsync(name, call.Caller.Subject, reason, call.Cancelled);
        return outcome.Kind switch
        {
            CorrectionKind.Corrected => Answers.Json(new AdoptedView(name, outcome.Message), ApiJson.Default.AdoptedView),
            CorrectionKind.UnknownSecret => throw RefusedException.NotFound(outcome.Message),
            CorrectionKind.RotationOpen => throw new RefusedException(StatusCodes.Status409Conflict, "rotation-open", outcome.Message),
            _ => throw new RefusedException(StatusCodes.Status422UnprocessableEntity, "not-adopted", outcome.Message),
        };
    }

    private static Strategy? Run(string? word, RotationTrigger trigger) => word switch
    {
        null or "rotate" => null,
        "deliver" when trigger == RotationTrigger.Manual => Strategy.Deliver,
        "retire" when trigger == RotationTrigger.Manual => Strategy.Retire,
        "deliver" or "retire" => throw RefusedException.BadField("run", "goes with the trigger manual only"),
        _ => throw RefusedException.BadField("run", "has to be rotate, deliver or retire"),
    };

    internal static RotationTrigger Trigger(string? word) => word switch
    {
        null or "manual" => RotationTrigger.Manual,
        "schedule" => RotationTrigger.Schedule,
        "emergency" => RotationTrigger.Emergency,
        _ => throw RefusedException.BadField("trigger", "has to be manual, schedule or emergency"),
    };
}
