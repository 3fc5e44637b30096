using Microsoft.AspNetCore.Http;
using Rotunda.Api.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Rotation.Orchestrations;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Http;

internal static class ControlHandlers
{
    /// <summary>As the interpreter takes it; what it would ignore is refused here, with a reason.</summary>
    private static readonly TimeSpan LongestExtension = TimeSpan.FromDays(366);

    public static Task<IResult> ApproveAsync(ApiCall call) => SendAsync(call, ControlVerb.Approve);

    public static Task<IResult> RejectAsync(ApiCall call) => SendAsync(call, ControlVerb.Reject);

    public static Task<IResult> RollbackAsync(ApiCall call) => SendAsync(call, ControlVerb.Rollback);

    public static Task<IResult> CancelAsync(ApiCall call) => SendAsync(call, ControlVerb.Cancel);

    public static Task<IResult> ResumeAsync(ApiCall call) => SendAsync(call, ControlVerb.Resume);

    public static Task<IResult> PauseAsync(ApiCall call) => SendAsync(call, ControlVerb.Pause);

    public static Task<IResult> SkipGraceAsync(ApiCall call) => SendAsync(call, ControlVerb.SkipGrace);

    public static Task<IResult> ExtendGraceAsync(ApiCall call) => SendAsync(call, ControlVerb.ExtendGrace);

    public static Task<IResult> ConfirmAsync(ApiCall call) => SendAsync(call, ControlVerb.Confirm);

    private static async Task<IResult> SendAsync(ApiCall call, ControlVerb verb)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.ControlBody);
        var reason = RotationHandlers.Required(body.Reason, "reason");
        var message = new ControlMessage(
            verb, call.Caller.Subject, reason, ExtendBy(verb, body.By), Again(verb, body.Again), Step(verb, body.Step));
        var id = call.Part("id");
        var outcome = await call.Services.Control.SendAsync(id, message, call.Cancelled);
        return outcome.Kind switch
        {
            ControlOutcomeKind.Accepted =>
                Answers.Json(new ControlView(id, outcome.Message), ApiJson.Default.ControlView, StatusCodes.Status202Accepted),
            ControlOutcomeKind.UnknownRotation => throw RefusedException.NotFound(outcome.Message),
            ControlOutcomeKind.OwnRequest =>
                throw new RefusedException(StatusCodes.Status403Forbidden, "own-request", outcome.Message, rotationId: id),
            _ => throw new RefusedException(StatusCodes.Status409Conflict, "wrong-state", outcome.Message, rotationId: id),
        };
    }

    private static string? Step(ControlVerb verb, string? step) =>
        step is null || verb is ControlVerb.SkipGrace or ControlVerb.Approve
            ? step
            : throw RefusedException.BadField("step", "is for skip-grace and approve only");

    private static TimeSpan? Again(ControlVerb verb, string? again) =>
        again is null ? null
        : verb is not (ControlVerb.Cancel or ControlVerb.Reject) ? throw RefusedException.BadField("again", "is for cancel and reject only")
        : DurationText.TryParse(again, out var wait) && wait > TimeSpan.Zero && wait <= LongestExtension ? wait
        : throw RefusedException.BadField("again", $"has to be a duration such as 12h or 2d, at most {LongestExtension.Days} days");

    private static TimeSpan? ExtendBy(ControlVerb verb, string? by)
    {
        if (verb != ControlVerb.ExtendGrace)
        {
            return by is null ? null : throw RefusedException.BadField("by", "is for extend-grace only");
        }

        return by is null
            ? throw RefusedException.BadField("by", "is required: how much longer, for example 2h")
            : DurationText.TryParse(by, out var longer) && longer > TimeSpan.Zero && longer <= LongestExtension
            ? longer
            : throw RefusedException.BadField("by", $"has to be a duration such as 30m, 2h or 1d12h, at most {LongestExtension.Days} days");
    }
}
