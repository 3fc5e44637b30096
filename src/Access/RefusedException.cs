using Microsoft.AspNetCore.Http;

namespace Rotunda.Access;

/// <summary>The request is refused with a problem document.</summary>
/// <param name="code">A stable word for programs.</param>
public class RefusedException(int status, string code, string detail, string? field = null, string? rotationId = null)
    : Exception(detail)
{
    /// <summary>With 404 and <c>no-route</c>: for an address that is not there, and one that does not show itself to everybody.</summary>
    public const string NothingThere = "There is nothing at the address of this request. See /openapi for what there is.";

    private const int LongestShown = 64;

    public int Status { get; } = status;

    public string Code { get; } = code;

    public string? Field { get; } = field;

    public string? RotationId { get; } = rotationId;

    public static RefusedException BadField(string field, string problem) =>
        new(StatusCodes.Status400BadRequest, "invalid-field", $"'{field}' {problem}.", field);

    public static RefusedException NotFound(string what) =>
        new(StatusCodes.Status404NotFound, "not-found", what);

    /// <summary>A name that came from outside, short and printable.</summary>
    public static string Shown(string name) =>
        new([.. name.Take(LongestShown).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '[' or ']' ? c : '?')]);
}
