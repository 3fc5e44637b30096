namespace Rotunda.Api.Desk;

/// <summary>Who decides.</summary>
/// <param name="Roles">The person's roles, in lower case.</param>
/// <param name="CodeHash">The code that gives the right; null where the person has it.</param>
public sealed record Decider(string Subject, IReadOnlyList<string> Roles, string? CodeHash = null);
