using Microsoft.AspNetCore.Http;
using Rotunda.Activities.Supplied;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Http;

/// <summary>Values that people give. No answer holds one, nor does any refusal.</summary>
internal static class ProvideHandlers
{
    public static async Task<IResult> ProvideAsync(ApiCall call)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.ProvideBody);
        using var value = Value(body.Value);
        var id = call.Part("id");
        return await call.Services.Provide.ProvideAsync(id, value, call.Caller.Subject, call.Cancelled) is { } result
            ? Answer(id, result, next: null)
            : throw RefusedException.NotFound("There is no such rotation.");
    }

    public static async Task<IResult> LinkAsync(ApiCall call)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.ProvideLinkBody);
        var id = call.Part("id");
        return await call.Services.Provide.LinkAsync(id, call.Caller.Subject, ValidFor(body.ValidFor), call.Cancelled) is var (code, ends)
            ? Answers.Json(
                new ProvideLinkView(id, $"/provide/{id}#{code}", code, ends),
                ApiJson.Default.ProvideLinkView,
                StatusCodes.Status201Created)
            : throw new RefusedException(
                StatusCodes.Status409Conflict, "wrong-state",
                $"There is no rotation '{id}' that waits for a value now. See where it stands: rotunda show {id}", rotationId: id);
    }

    /// <summary>For whoever has a code. It does not change anything.</summary>
    public static async Task<IResult> LookAsync(ApiCall call)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.FormLookBody);
        var form = await call.Services.Provide.LookAsync(RotationHandlers.Required(body.Code, "code"), call.Cancelled) ?? throw NoCode();
        var asked = Asked.Of(form.Rotation.Plan)!;
        return Answers.Json(
            new FormView(
                form.Rotation.Id, form.Rotation.Secret, form.State, asked.Create, asked.Link, asked.Scopes, asked.Name,
                asked.Shape.LineEnds, form.ExpiresAt, form.Problem),
            ApiJson.Default.FormView);
    }

    public static async Task<IResult> ProvideByCodeAsync(ApiCall call)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.FormBody);
        var code = RotationHandlers.Required(body.Code, "code");
        using var value = Value(body.Value);
        return await call.Services.Provide.ProvideByCodeAsync(code, value, call.Cancelled) is var (result, rotationId, next)
            ? Answer(rotationId, result, next)
            : throw NoCode();
    }

    private static SecretValue Value(string? text) => string.IsNullOrEmpty(text)
        ? throw RefusedException.BadField("value", "is required")
        : SecretValue.FromText(text);

    private static IResult Answer(string rotationId, IntakeResult result, string? next) => result.Kind switch
    {
        IntakeKind.Taken or IntakeKind.AlreadyTaken => Answers.Json(
            new ProvidedView(rotationId, result.Kind == IntakeKind.Taken ? "taken" : "already-taken", result.Message, next),
            ApiJson.Default.ProvidedView,
            StatusCodes.Status202Accepted),
        IntakeKind.BadShape => throw new RefusedException(
            StatusCodes.Status422UnprocessableEntity, "value-shape", result.Message, "value", rotationId),
        IntakeKind.Busy => throw new RefusedException(
            StatusCodes.Status409Conflict, "value-busy", result.Message, rotationId: rotationId),
        _ => throw new RefusedException(StatusCodes.Status409Conflict, "wrong-state", result.Message, rotationId: rotationId),
    };

    /// <summary>Wrong, used and over are told alike.</summary>
    private static RefusedException NoCode() => new(
        StatusCodes.Status404NotFound, "no-such-code",
        "This link has been used, or its time is over. Ask for another one: rotunda provide ROTATION --link");

    private static TimeSpan ValidFor(string? text) =>
        text is null ? ProvideDesk.UsualTime
        : DurationText.TryParse(text, out var time) && time > TimeSpan.Zero && time <= ProvideDesk.LongestTime ? time
        : throw RefusedException.BadField(
            "validFor", $"has to be a duration such as 30m or 2d, at most {ProvideDesk.LongestTime.Days} days");
}
