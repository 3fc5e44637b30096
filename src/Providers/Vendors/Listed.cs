namespace Rotunda.Providers.Vendors;

/// <summary>A credential as a vendor lists it.</summary>
/// <param name="Label">As it stands there; null if it has none.</param>
/// <param name="CreatedAt">Null if the vendor does not tell.</param>
/// <param name="LastUsedAt">Null if it was never used, or the vendor does not tell.</param>
/// <param name="ExpiresAt">Null if it does not end by itself, or the vendor does not tell.</param>
/// <param name="Hint">What is shown of the value, its first and last characters around dots or stars; null if nothing is.</param>
internal readonly record struct Listed(
    string Id,
    string? Label,
    DateTimeOffset? CreatedAt = null,
    DateTimeOffset? LastUsedAt = null,
    DateTimeOffset? ExpiresAt = null,
    string? Hint = null);
