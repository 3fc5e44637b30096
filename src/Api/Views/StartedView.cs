namespace Rotunda.Api.Views;

/// <param name="Existing">True if the idempotency key was used before and this is what it started.</param>
public sealed record StartedView(string RotationId, bool Existing, string? SupersededId);
