namespace Rotunda.Api.Views;

/// <param name="Person">Who decides by the link, without signing in: the owner of a token, or an id of the directory. Or:</param>
/// <param name="Role">Whoever uses it has to sign in with this role: approver or admin.</param>
/// <param name="ValidFor">A duration such as 2h; left out: one day.</param>
public sealed record DecideLinkBody(string? Person = null, string? Role = null, string? ValidFor = null);
