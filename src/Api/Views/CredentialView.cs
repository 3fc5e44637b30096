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
    string? Note);
