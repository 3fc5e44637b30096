namespace Rotunda.Api.Views;

/// <param name="Code">Of a login link: what stands after its #.</param>
public sealed record SessionBody(string? Code);
