namespace Rotunda.Api.Views;

/// <summary>Body of POST /api/sessions/end: one of the two.</summary>
/// <param name="Id">Of one session, as the list tells it.</param>
/// <param name="Person">All of that person's.</param>
public sealed record EndSessionsBody(string? Id = null, string? Person = null);
