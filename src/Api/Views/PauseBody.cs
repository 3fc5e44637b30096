namespace Rotunda.Api.Views;

/// <param name="Tag">For all secrets with this tag; null for all there are. Not with the route of one secret.</param>
/// <param name="Until">A day or a moment (UTC where it does not say), or a duration from now on.</param>
public sealed record PauseBody(string? Until = null, string? Reason = null, string? Tag = null);
