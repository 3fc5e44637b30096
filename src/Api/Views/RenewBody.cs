namespace Rotunda.Api.Views;

/// <summary>Body of POST /api/tokens/{name}/renew.</summary>
/// <param name="Expires">After how long it ends, counted from now, for example 30d, or never; null for 90d.</param>
public sealed record RenewBody(string? Expires = null);
