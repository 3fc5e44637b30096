using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Http;

/// <summary>Decisions by link. To open one decides nothing: only what a person sends then does.</summary>
internal static class DecisionHandlers
{
    private static readonly string[] s_roles = ["approver", "admin"];

    public static async Task<IResult> LinkAsync(ApiCall call)
    {
        call.OnlyQueries();
        TokenHandlers.MustBePrivate(call.Http, "a link by which somebody decides");
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.DecideLinkBody);
        var id = call.Part("id");
        if (body.Role is { } role && !s_roles.Contains(role, StringComparer.Ordinal))
        {
            throw RefusedException.BadField("role", "has to be approver or admin");
        }

        var link = await call.Services.ApprovalLinks.MakeAsync(
            id, body.Person, body.Role, call.Caller.Subject, ValidFor(body.ValidFor), call.Cancelled);
        return link.Code is { } code
            ? Answers.Json(
                new DecideLinkView(id, ApprovalLink.PathOf(id, code), code, link.ExpiresAt),
                ApiJson.Default.DecideLinkView,
                StatusCodes.Status201Created)
            : throw new RefusedException(StatusCodes.Status409Conflict, "wrong-state", link.WhyNot!, rotationId: id);
    }

    public static async Task<IResult> LookAsync(ApiCall call)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.FormLookBody);
        var (code, rotation) = await FindAsync(call, body.Code);
        return Answers.Json(await DecideReader.ReadAsync(call, code, rotation), ApiJson.Default.DecideView);
    }

    public static async Task<IResult> DecideAsync(ApiCall call)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.DecideBody);
        var verb = body.Verdict switch
        {
            Verdicts.Approve => ControlVerb.Approve,
            Verdicts.Reject => ControlVerb.Reject,
            _ => throw RefusedException.BadField("verdict", "has to be approve or reject"),
        };
        var reason = RotationHandlers.Required(body.Reason, "reason");
        var (code, rotation) = await FindAsync(call, body.Code);
        var signedIn = code.Role is null ? null : await SignedInAsync(call, rotation.Secret);
        var outcome = await call.Services.ApprovalLinks.DecideAsync(code, verb, reason, signedIn, call.Cancelled);
        return outcome.Kind == ControlOutcomeKind.NoCode ? throw NoCode() : ControlHandlers.Answer(rotation.Id, outcome);
    }

    /// <summary>Null for a stranger.</summary>
    private static async Task<Decider?> SignedInAsync(ApiCall call, string secret)
    {
        try
        {
            var caller = await call.Services.Callers.AuthenticateAsync(call.Http);
            ApiPipeline.EnsureFresh(call.Http, call.Services);
            await GrantGate.EnsureOnAsync(secret, Permission.Approve, caller, call.Services, call.Cancelled);
            return new Decider(caller.Subject, caller.RoleWords);
        }
        catch (RefusedException refused) when (refused.Status == StatusCodes.Status401Unauthorized)
        {
            call.Http.Response.Headers.WWWAuthenticate = default;
            return null;
        }
    }

    private static async Task<(CodeRecord Code, RotationRecord Rotation)> FindAsync(ApiCall call, string? code) =>
        await call.Services.ApprovalLinks.FindAsync(RotationHandlers.Required(code, "code"), call.Cancelled) ?? throw NoCode();

    private static RefusedException NoCode() => new(StatusCodes.Status404NotFound, "no-such-code", ApprovalWords.NoCode);

    private static TimeSpan ValidFor(string? text) =>
        text is null ? ApprovalLinks.UsualTime
        : DurationText.TryParse(text, out var time) && time > TimeSpan.Zero && time <= ApprovalLinks.LongestTime ? time
        : throw RefusedException.BadField(
            "validFor", $"has to be a duration such as 30m or 2d, at most {ApprovalLinks.LongestTime.Days} days");
}
