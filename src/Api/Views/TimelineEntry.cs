namespace Rotunda.Api.Views;

public sealed record TimelineEntry(long Sequence, DateTimeOffset At, string Actor, string Action, string? StepId, string? Detail);
