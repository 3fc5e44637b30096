namespace Rotunda.Api.Views;

/// <summary>What exists, or may exist, at a provider, and waits for a person.</summary>
/// <param name="Id">The ledger's, by which it is settled.</param>
/// <param name="Provider">Null if nothing tells it any more.</param>
/// <param name="Label">By which it is looked for there.</param>
/// <param name="Note">Why it is one.</param>
/// <param name="CanRevoke">Rotunda can revoke it, if told to.</param>
/// <param name="IsRevoking">Rotunda was told to, and is at it.</param>
/// <param name="Problem">Why the revoke did not work so far, or at all; null for nothing known.</param>
public sealed record OrphanView(
    long Id,
    string Secret,
    string? Provider,
    string? ProviderCredentialId,
    string? Account,
    string? Label,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    string? Note,
    bool CanRevoke,
    bool IsRevoking,
    string? Problem);
