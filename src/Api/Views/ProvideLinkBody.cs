namespace Rotunda.Api.Views;

/// <param name="ValidFor">A duration such as 1h; left out: a day. Never longer than the rotation waits.</param>
public sealed record ProvideLinkBody(string? ValidFor = null);
