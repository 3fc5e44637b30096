namespace Rotunda.Api.Views;

/// <summary>What a form asks for, for whoever has its code.</summary>
/// <param name="State">"open", "checking", "accepted" or "ended".</param>
/// <param name="Create">What to make.</param>
/// <param name="Name">The name to give it.</param>
/// <param name="ExpiresAt">When the code ends.</param>
/// <param name="Problem">Why the value that was given last does not do; null if none was refused.</param>
public sealed record FormView(
    string RotationId,
    string Secret,
    string State,
    string Create,
    string? Link,
    IReadOnlyList<string> Scopes,
    string Name,
    bool LineEnds,
    DateTimeOffset ExpiresAt,
    string? Problem);
