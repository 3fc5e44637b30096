namespace Rotunda.Api.Views;

/// <param name="Tag">As the pause was; null for the one of all secrets. Not with the route of one secret.</param>
public sealed record ResumeBody(string? Reason = null, string? Tag = null);
