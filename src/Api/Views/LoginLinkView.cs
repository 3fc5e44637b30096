namespace Rotunda.Api.Views;

/// <summary>A login link, without the server's address.</summary>
/// <param name="Path">With the code after a #, which a browser does not send: whoever fetches the address does not use it up.</param>
public sealed record LoginLinkView(string Path, string Code, DateTimeOffset EndsAt);
