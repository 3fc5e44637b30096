namespace Rotunda.Api.Views;

/// <param name="Clock">Why the clock is not believed, so that nothing is revoked; null while it is.</param>
public sealed record SecretList(IReadOnlyList<SecretSummary> Secrets, string? Clock = null);
