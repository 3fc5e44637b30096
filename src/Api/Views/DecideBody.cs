namespace Rotunda.Api.Views;

/// <param name="Code">Of a link.</param>
/// <param name="Verdict">approve or reject.</param>
public sealed record DecideBody(string? Code, string? Verdict, string? Reason);
