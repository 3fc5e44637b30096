namespace Rotunda.Api.Views;

/// <summary>A verb that has an effect where the rotation is.</summary>
/// <param name="Verb">As in the address: POST /api/rotations/{id}/{verb}.</param>
/// <param name="Allowed">Whether the caller may.</param>
/// <param name="WhyNot">Why not; null if allowed.</param>
public sealed record ActionView(string Verb, bool Allowed, string? WhyNot);
