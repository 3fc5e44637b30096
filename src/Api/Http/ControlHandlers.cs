using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Interpreter;
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
        return Answer(id, await SendAsync(call, id, message, Plan(verb, body.Plan)));
    }

    public static async Task<IResult> WithdrawAsync(ApiCall call)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.ReasonBody);
        var (id, reason) = (call.Part("id"), RotationHandlers.Required(body.Reason, "reason"));
        return await call.Services.Approvals.WithdrawAsync(id, call.Caller.Subject, reason, call.Cancelled) is { } outcome
            ? Answer(id, outcome)
            : throw RefusedException.NotFound(await call.Services.Status.NoRotationAsync(id, call.Cancelled));
    }

    /// <summary>What came of a verb.</summary>
    internal static IResult Answer(string id, ControlOutcome outcome) => outcome.Kind switch
    {
        ControlOutcomeKind.Accepted =>
            Answers.Json(new ControlView(id, outcome.Message), ApiJson.Default.ControlView, StatusCodes.Status202Accepted),
        ControlOutcomeKind.UnknownRotation => throw RefusedException.NotFound(outcome.Message),
        ControlOutcomeKind.OwnRequest =>
            throw new RefusedException(StatusCodes.Status403Forbidden, "own-request", outcome.Message, rotationId: id),
        ControlOutcomeKind.NotAsked =>
            throw new RefusedException(StatusCodes.Status403Forbidden, "not-asked", outcome.Message, rotationId: id),
        ControlOutcomeKind.OtherPlan =>
            throw new RefusedException(StatusCodes.Status409Conflict, "other-plan", outcome.Message, "plan", id),
        _ => throw new RefusedException(StatusCodes.Status409Conflict, "wrong-state", outcome.Message, rotationId: id),
    };

    private static Task<ControlOutcome> SendAsync(ApiCall call, string id, ControlMessage message, string? plan) =>
        message.Verb is ControlVerb.Approve or ControlVerb.Reject
            ? call.Services.Approvals.DecideAsync(id, message, DeciderOf(call.Caller), plan, call.Cancelled)
            : call.Services.Control.SendAsync(id, message, call.Cancelled);

    private static Decider DeciderOf(Caller caller) => new(caller.Subject, caller.RoleWords);

    private static string? Plan(ControlVerb verb, string? plan) =>
        plan is null ? null
        : verb is not (ControlVerb.Approve or ControlVerb.Reject)
                ? throw RefusedException.BadField("plan", "is for approve and reject only")
        : plan.Length is >= 12 and <= 64 && plan.All(char.IsAsciiHexDigit) ? plan
        : throw RefusedException.BadField("plan", "has to be the plan's hash, or its first 12 digits at least");

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
