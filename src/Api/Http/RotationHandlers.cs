using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Http;

internal static class RotationHandlers
{
    private const int LongestText = 500;
    private const int LongestKey = 128;

    public static async Task<IResult> ListAsync(ApiCall call)
    {
        call.OnlyQueries("secret", "state", "trigger", "incident", "limit");
        var state = call.Query("state");
        var filter = new RotationFilter(
            call.Query("secret"),
            state is null or "open"
                ? null
                : [Words.State(state) ?? throw RefusedException.BadField("state", "has to be open, or one of "
                    + string.Join(", ", Enum.GetValues<RotationState>().Select(Words.Of)))],
            OpenOnly: state == "open",
            Limit: Limit(call, otherwise: 100, max: 1_000))
        {
            Trigger = call.Query("trigger") is { } trigger ? SecretHandlers.Trigger(trigger) : null,
            Incident = call.Query("incident"),
        };
        var (sight, found) = (call.Sight, await call.Services.Status.ListRotationsAsync(filter, call.Cancelled));
        return Answers.Json(new RotationList([.. found.Where(one => sight.Sees(one.Secret))]), ApiJson.Default.RotationList);
    }

    public static async Task<IResult> GetAsync(ApiCall call)
    {
        call.OnlyQueries();
        return await call.Services.Status.GetRotationAsync(call.Part("id"), call.Cancelled) is { } view
            ? Answers.Json(
                view with { Can = OfferedActions.Of(view, await HereAsync(call, view.Rotation.Secret)) }, ApiJson.Default.RotationView)
            : throw RefusedException.NotFound(await call.Services.Status.NoRotationAsync(call.Part("id"), call.Cancelled));
    }

    /// <summary>The caller as one for this secret: with the grants that are for it.</summary>
    private static async Task<Caller> HereAsync(ApiCall call, string secret)
    {
        var marks = await call.Services.Grants.MarksOfAsync(secret, call.Cancelled);
        return call.Caller with { Grants = [.. call.Caller.Grants.Where(grant => grant.On.Matches(marks))] };
    }

    public static async Task<IResult> StartAsync(ApiCall call)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.StartBody);
        var request = Check(call, body);
        await GrantGate.EnsureOnAsync(request.Secret, Permission.Start, call.Caller, call.Services, call.Cancelled);
        return Answer(call, await call.Services.Desk.StartAsync(request, call.Cancelled));
    }

    /// <summary>What came of a start.</summary>
    internal static IResult Answer(ApiCall call, StartOutcome outcome)
    {
        switch (outcome.Kind)
        {
            case StartOutcomeKind.Started or StartOutcomeKind.Existing:
                call.Http.Response.Headers.Location = $"/api/rotations/{outcome.RotationId}";
                return Answers.Json(
                    new StartedView(outcome.RotationId!, outcome.Kind == StartOutcomeKind.Existing, outcome.SupersededId),
                    ApiJson.Default.StartedView,
                    StatusCodes.Status202Accepted);
            case StartOutcomeKind.Conflict:
                throw new RefusedException(
                    StatusCodes.Status409Conflict,
                    "rotation-open",
                    outcome.Message!,
                    rotationId: outcome.RotationId);
            case StartOutcomeKind.UnknownSecret:
                throw RefusedException.NotFound(outcome.Message!);
            default:
                throw new RefusedException(StatusCodes.Status422UnprocessableEntity, "no-plan", outcome.Message!);
        }
    }

    /// <summary>A whole number between 1 and the most that is allowed.</summary>
    internal static int Limit(ApiCall call, int otherwise, int max) => call.Query("limit") switch
    {
        null => otherwise,
        { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= max =>
            limit,
        _ => throw RefusedException.BadField("limit", $"has to be a whole number from 1 to {max}"),
    };

    /// <summary>A text that a person has to give.</summary>
    internal static string Required(string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw RefusedException.BadField(field, "is required, and may not be empty");
        }

        return text.Length > LongestText
            ? throw RefusedException.BadField(field, $"may have {LongestText} characters at most")
            : text.Trim();
    }

    private static StartRequest Check(ApiCall call, StartBody body)
    {
        var secret = Required(body.Secret, "secret");
        var reason = Required(body.Reason, "reason");
        var trigger = body.Trigger ?? RotationTrigger.Manual;
        if (trigger is not (RotationTrigger.Manual or RotationTrigger.Emergency))
        {
            throw RefusedException.BadField("trigger", "has to be manual or emergency");
        }

        if (trigger == RotationTrigger.Manual && body.RevokeFirst)
        {
            throw RefusedException.BadField("revokeFirst", "is for emergencies only");
        }

        if (trigger == RotationTrigger.Manual && body.Incident is not null)
        {
            throw RefusedException.BadField("incident", "is for emergencies only");
        }

        var incident = trigger == RotationTrigger.Emergency ? Required(body.Incident, "incident") : null;
        return new StartRequest(secret, trigger, reason, call.Caller.Subject, incident, body.RevokeFirst, StartKey(call));
    }

    /// <summary>The client's key, in a name space of its own: it must not collide with the schedule's keys.</summary>
    internal static string? StartKey(ApiCall call)
    {
        var given = call.Http.Request.Headers["Idempotency-Key"];
        if (given.Count == 0)
        {
            return null;
        }

        var key = given.Count == 1 ? given[0] : null;
        return key is { Length: > 0 and <= LongestKey } && key.All(c => c is > ' ' and < (char)127)
            ? $"client:{call.Caller.Subject}:{key}"
            : throw RefusedException.BadField(
                "Idempotency-Key",
                $"has to be one header of 1 to {LongestKey} printable characters without spaces");
    }
}
