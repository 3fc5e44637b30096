namespace Rotunda.Api.Views;

/// <param name="Code">Of a one-time link.</param>
public sealed record FormLookBody(string? Code);
