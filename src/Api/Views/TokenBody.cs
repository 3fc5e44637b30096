namespace Rotunda.Api.Views;

/// <summary>Body of POST /api/tokens.</summary>
/// <param name="Expires">After how long it ends, for example 30d, or never; null for 90d.</param>
/// <param name="On">The secrets that its role is for: owner=platform, tag=payments, name=pay-*; null for all.</param>
public sealed record TokenBody(
    string? Name, string? Role, string? Owner = null, string? Expires = null, IReadOnlyList<string>? On = null);
