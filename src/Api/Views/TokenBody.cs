namespace Rotunda.Api.Views;

/// <summary>Body of POST /api/tokens.</summary>
/// <param name="Expires">After how long it ends, for example 90d; null for never.</param>
public sealed record TokenBody(string? Name, string? Role, string? Owner = null, string? Expires = null);
