namespace Rotunda.Api.Views;

/// <param name="Path">The address of the form on this server; the code is in its fragment, which browsers do not send.</param>
public sealed record ProvideLinkView(string RotationId, string Path, string Code, DateTimeOffset ExpiresAt);
