namespace Rotunda.Api.Views;

/// <summary>What a person paused.</summary>
/// <param name="Scope">"secret", "tag" or "all".</param>
/// <param name="Name">The secret's or the tag's; null with "all".</param>
public sealed record PauseView(string Scope, string? Name, DateTimeOffset Until, string Reason, string By, DateTimeOffset At);
