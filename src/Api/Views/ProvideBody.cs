namespace Rotunda.Api.Views;

/// <summary>Body of the route by which somebody with the right gives a value.</summary>
public sealed record ProvideBody(string? Value);
