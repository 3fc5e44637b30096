using Rotunda.Rotation.Words;

namespace Rotunda.Api.Views;

/// <summary>A credential as anyone may see it.</summary>
public sealed record CredentialView(
    long Id,
    CredentialState State,
    int RotationNumber,
    string? ProviderCredentialId,
    string? Account,
    string? Fingerprint,
    SecretRef? Value,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RevokedAt,
    string? Note)
{
    /// <summary>When it ends by itself; null if it does not, or nothing tells.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Since when it is disabled, as a trial that a rollback takes back; null while it is not.</summary>
    public DateTimeOffset? DisabledAt { get; init; }
}
