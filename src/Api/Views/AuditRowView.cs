namespace Rotunda.Api.Views;

public sealed record AuditRowView(
    long Sequence,
    DateTimeOffset At,
    string Actor,
    string Action,
    string? Secret,
    string? RotationId,
    string? StepId,
    string? Detail,
    string PreviousHash,
    string Hash);
