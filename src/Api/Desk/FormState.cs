using Rotunda.Ledger;

namespace Rotunda.Api.Desk;

/// <summary>How far the asking of a one-time form is.</summary>
/// <param name="State">"open", "checking", "accepted" or "ended".</param>
/// <param name="Problem">Why the last value does not do; null if none was refused.</param>
public sealed record FormState(RotationRecord Rotation, DateTimeOffset ExpiresAt, string State, string? Problem);
