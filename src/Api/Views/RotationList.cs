namespace Rotunda.Api.Views;

public sealed record RotationList(IReadOnlyList<RotationSummary> Rotations);
