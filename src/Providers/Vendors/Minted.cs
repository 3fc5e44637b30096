using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Vendors;

/// <summary>A credential that a vendor has just made.</summary>
/// <param name="Id">By which it is deleted.</param>
/// <param name="ExpiresAt">Null: it does not end by itself.</param>
/// <param name="Account">Whose it is, where it is one of several; null for none.</param>
internal readonly record struct Minted(string Id, SecretValue Value, DateTimeOffset? ExpiresAt = null, string? Account = null);
