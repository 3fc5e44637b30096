namespace Rotunda.Api.Views;

/// <summary>A refusal (RFC 9457).</summary>
/// <param name="Code">A stable word for programs.</param>
/// <param name="Field">The field or parameter at fault.</param>
/// <param name="RotationId">With 409: the rotation in the way.</param>
public sealed record ProblemView(
    string Type,
    string Title,
    int Status,
    string Code,
    string? Detail,
    string? Field = null,
    string? RotationId = null);
