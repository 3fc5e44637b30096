namespace Rotunda.Api.Views;

/// <param name="Path">The address on this server; the code is in its fragment, which browsers do not send.</param>
public sealed record DecideLinkView(string RotationId, string Path, string Code, DateTimeOffset ExpiresAt);
