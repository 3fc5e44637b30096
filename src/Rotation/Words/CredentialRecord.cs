using System.Text.Json.Serialization;

namespace Rotunda.Rotation.Words;

/// <summary>Where a credential is in its life. Every value ever minted is in one of these (promise 4).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CredentialState>))]
public enum CredentialState
{
    /// <summary>The intent is recorded; whether the provider made it is not known yet.</summary>
    Minting = 0,
    /// <summary>Made and stored; not published as current.</summary>
    Pending = 1,
    /// <summary>The one that consumers should use.</summary>
    Active = 2,
    /// <summary>Was active; works until it is revoked.</summary>
    Previous = 3,
    /// <summary>Its id is on record as to be revoked; the call may be under way.</summary>
    Revoking = 4,
    Revoked = 5,
    /// <summary>Exists, or may exist, at the provider, and only a person can settle it.</summary>
    Orphan = 6,
    /// <summary>May be live, and by a person's word, on record, is Rotunda's business no more.</summary>
    HandedOver = 7,
}

/// <summary>One value ever minted or adopted, as the ledger knows it. Holds no value.</summary>
/// <param name="Id">The ledger's id.</param>
/// <param name="RotationNumber">The rotation that made it; 0 for an adopted one.</param>
/// <param name="ProviderCredentialId">The provider's own id (key id, role name); null if nothing tells it.</param>
/// <param name="Account">The account it belongs to, when the strategy alternates or the provider has users; else null.</param>
/// <param name="Label">The rotation's own label at the provider, by which it is found again; null for an adopted one.</param>
/// <param name="Fingerprint">Null while no value is known.</param>
/// <param name="Value">Where the value is stored; null if it is not (adopted without a value, or still minting).</param>
public sealed record CredentialRecord(
    long Id,
    string Secret,
    int RotationNumber,
    CredentialState State,
    string? ProviderCredentialId,
    string? Account,
    string? Label,
    string? Fingerprint,
    SecretRef? Value,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RevokedAt,
    string? Note)
{
    /// <summary>When it ends by itself; null if it does not, or nothing tells.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What is known of it as a lease; null if it is none.</summary>
    public LeaseState? Lease { get; init; }

    /// <summary>Since when it is, or may be, disabled as a trial; null while it works.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>When its value was destroyed in the store; null while it may be there.</summary>
    public DateTimeOffset? DiscardedAt { get; init; }

    /// <summary>True while it may authenticate somewhere, and Rotunda has to settle it.</summary>
    [JsonIgnore]
    public bool MayBeLive => State is not (CredentialState.Revoked or CredentialState.HandedOver);
}
