namespace Rotunda.Api.Views;

/// <summary>Scheduled rotations do not start for a while.</summary>
/// <param name="By">Who said so; null for the catalog.</param>
public sealed record PausedView(DateTimeOffset Until, string Reason, string? By);
