namespace Rotunda.Api.Views;

/// <summary>What becomes of an orphan.</summary>
/// <param name="How">"revoke" (Rotunda does), "revoked" (a person did) or "kept" (somebody uses it).</param>
public sealed record SettleBody(string? How, string? Reason);
