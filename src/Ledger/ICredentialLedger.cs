using Rotunda.Rotation.Words;

namespace Rotunda.Ledger;

/// <summary>What the ledger keeps of credentials: the intent to make one, what was made, which is in use, and how each ended. Each method
/// is one transaction, with its rows in the audit.</summary>
public interface ICredentialLedger
{
    /// <summary>The values of these credentials were destroyed in the store: nobody has to see to it again. Never fenced; once more changes
    /// nothing.</summary>
    Task RecordDiscardedAsync(IReadOnlyCollection<long> credentialIds, CancellationToken cancellationToken);

    /// <summary>All of a secret's credentials, oldest first.</summary>
    Task<IReadOnlyList<CredentialRecord>> ListCredentialsAsync(string secret, CancellationToken cancellationToken);

    /// <summary>The fingerprints of all values ever kept, revoked ones too, with the salts that they were made with; those of one secret
    /// side by side.</summary>
    Task<IReadOnlyList<KnownFingerprint>> ListFingerprintsAsync(CancellationToken cancellationToken);

    /// <summary>The intent to mint. One per rotation and generation of value: gives back the open one (state minting) if there is
    /// one.</summary>
    /// <exception cref="FencedException">Another rotation has taken over.</exception>
    Task<CredentialRecord> BeginMintAsync(string rotationId, string? account, CancellationToken cancellationToken);

    /// <summary>
    /// The intent to keep a value that a person gives. One per rotation and value, each with a label of its own, so that two that are
    /// given at once never touch each other's; <see cref="RecordMintedAsync"/> takes the first and refuses the other.
    /// </summary>
    /// <exception cref="FencedException">Another rotation has taken over.</exception>
    Task<CredentialRecord> BeginGivenAsync(string rotationId, string fingerprint, CancellationToken cancellationToken);

    /// <summary>The rotation's intents that are open (state minting), newest first.</summary>
    Task<IReadOnlyList<CredentialRecord>> ListMintsAsync(string rotationId, CancellationToken cancellationToken);

    /// <summary>The provider's id of what it just minted, before the value is stored: whatever happens next, it can be found and
    /// revoked. Never fenced.</summary>
    /// <param name="expiresAt">When it ends by itself; null if it does not, or nothing tells.</param>
    Task<CredentialRecord> RecordIssuedAsync(
        long credentialId,
        string? providerCredentialId,
        string? account,
        DateTimeOffset? expiresAt,
        CancellationToken cancellationToken);

    /// <summary>What was minted and where its value is: minting becomes pending. Never fenced.</summary>
    /// <exception cref="InvalidOperationException">It was ended meanwhile, or is a given one beside another that was taken
    /// first.</exception>
    Task<CredentialRecord> RecordMintedAsync(
        long credentialId,
        string? providerCredentialId,
        string? account,
        string fingerprint,
        SecretRef value,
        CancellationToken cancellationToken);

    /// <summary>The credential this rotation is putting in place (newest that is not revoked or an orphan, one with a value
    /// before an intent); null before it is minted.</summary>
    Task<CredentialRecord?> GetNewCredentialAsync(string rotationId, CancellationToken cancellationToken);

    /// <summary>The credential that was active when the rotation started; null if none was known.</summary>
    Task<CredentialRecord?> GetOldCredentialAsync(string rotationId, CancellationToken cancellationToken);

    /// <summary>The new one becomes active and the active one previous, in one transaction.</summary>
    /// <exception cref="FencedException">Another rotation has taken over.</exception>
    Task PromoteAsync(string rotationId, CancellationToken cancellationToken);

    /// <summary>The way back of <see cref="PromoteAsync"/>: the rotation's old one is active again, its new one pending.</summary>
    /// <exception cref="InvalidOperationException">The old one is revoked, or about to be: there is no way back.</exception>
    /// <exception cref="FencedException">Another rotation has taken over.</exception>
    Task UnpromoteAsync(string rotationId, CancellationToken cancellationToken);

    /// <summary>Puts the ids on record before any is revoked: each becomes revoking.</summary>
    /// <exception cref="FencedException">Another rotation has taken over.</exception>
    Task BeginRevokeAsync(string rotationId, IReadOnlyList<long> credentialIds, CancellationToken cancellationToken);

    /// <summary>Puts on record that it is disabled, before it is; or that it is enabled again, after it is.</summary>
    /// <exception cref="FencedException">It is to be disabled, and another rotation has taken over.</exception>
    Task RecordDisabledAsync(string rotationId, long credentialId, bool disabled, CancellationToken cancellationToken);

    /// <summary>When the credential ends by itself, as its provider lists it; null: it does not.</summary>
    Task RecordExpiryAsync(long credentialId, DateTimeOffset? expiresAt, CancellationToken cancellationToken);

    /// <summary>What the system of a lease told of it.</summary>
    /// <param name="expiresAt">When it ends unless it is renewed; null for as it was.</param>
    /// <returns>False, and nothing recorded, for one that is about to be revoked, or is not live any more.</returns>
    Task<bool> RecordLeaseAsync(
        long credentialId, DateTimeOffset? expiresAt, LeaseState lease, CancellationToken cancellationToken);

    /// <summary>The secrets that have a lease which is not revoked, by name: also one whose policy takes none any more.</summary>
    Task<IReadOnlyList<string>> ListLeasedAsync(CancellationToken cancellationToken);

    /// <summary>Revoked (or never made): final. Never fenced.</summary>
    /// <param name="rotationId">Under which it is on record; null for the one that made it.</param>
    Task RecordRevokedAsync(string? rotationId, long credentialId, string note, CancellationToken cancellationToken);

    /// <summary>Only a person can settle it; it is listed until then. Never fenced.</summary>
    Task RecordOrphanAsync(
        string rotationId,
        long? credentialId,
        CredentialHandleNote handle,
        string note,
        CancellationToken cancellationToken);

    /// <summary>Those of all secrets.</summary>
    Task<IReadOnlyList<CredentialRecord>> ListOrphansAsync(CancellationToken cancellationToken);

    /// <summary>An orphan that was found at the provider, and that no rotation knows of.</summary>
    /// <returns>False, and nothing recorded, if the secret has a credential with this id, or a rotation of it is open.</returns>
    Task<bool> RecordFoundAsync(
        string secret,
        CredentialHandleNote handle,
        DateTimeOffset? expiresAt,
        string note,
        CancellationToken cancellationToken);

    /// <summary>What became of an orphan, at a person's word.</summary>
    /// <param name="state">Revoked, or handed over: somebody uses it.</param>
    /// <returns>False if it is no orphan.</returns>
    Task<bool> SettleOrphanAsync(
        long credentialId,
        CredentialState state,
        string actor,
        string reason,
        CancellationToken cancellationToken);
}
