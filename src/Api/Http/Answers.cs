using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Views;

namespace Rotunda.Api.Http;

/// <summary>Answers in their one form.</summary>
internal static class Answers
{
    public static IResult Json<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) =>
        new JsonAnswer<T>(value, type, status);

    public static IResult Problem(int status, string code, string? detail, string? field = null, string? rotationId = null) =>
        Results.Json(
            new ProblemView("about:blank", Title(status), status, code, detail, field, rotationId),
            ApiJson.Default.ProblemView,
            "application/problem+json",
            status);

    public static IResult Problem(RefusedException refused) =>
        Problem(refused.Status, refused.Code, refused.Message, refused.Field, refused.RotationId);

    private static string Title(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "Bad request",
        StatusCodes.Status401Unauthorized => "Unauthorized",
        StatusCodes.Status403Forbidden => "Forbidden",
        StatusCodes.Status404NotFound => "Not found",
        StatusCodes.Status405MethodNotAllowed => "Method not allowed",
        StatusCodes.Status409Conflict => "Conflict",
        StatusCodes.Status413PayloadTooLarge => "Content too large",
        StatusCodes.Status415UnsupportedMediaType => "Unsupported media type",
        StatusCodes.Status422UnprocessableEntity => "Unprocessable content",
        StatusCodes.Status429TooManyRequests => "Too many requests",
        StatusCodes.Status503ServiceUnavailable => "Service unavailable",
        _ => "Internal error",
    };
}
