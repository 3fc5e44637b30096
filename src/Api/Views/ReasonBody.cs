namespace Rotunda.Api.Views;

/// <summary>Body of routes that only need to know why.</summary>
public sealed record ReasonBody(string? Reason);
