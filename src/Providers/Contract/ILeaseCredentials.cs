using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>
/// Ability LeaseCredentials, beside IIssueCredentials (which takes a lease and tells its term) and IRevokeCredentials: credentials that
/// end by themselves unless they are renewed. No label can be put on them, so one whose answer was lost is not looked for: it ends by
/// itself.
/// </summary>
public interface ILeaseCredentials
{
    /// <summary>How long a lease lives that nobody renews: when at the latest one ends whose answer was lost. Null where nothing
    /// tells.</summary>
    /// <exception cref="OutcomeException">The system cannot be asked now.</exception>
    Task<TimeSpan?> LifetimeAsync(ProviderCall call, CancellationToken cancellationToken);

    /// <summary>Renews a lease for as long as it was made for. To renew twice is harmless.</summary>
    /// <param name="known">As it was told last; null where the ledger has nothing (the machine died between the lease and its
    /// record).</param>
    Task<LeaseAnswer> RenewAsync(ProviderCall call, CredentialHandle lease, LeaseTerm? known, CancellationToken cancellationToken);
}

public enum LeaseAnswerKind
{
    /// <summary>It lives; the term is told. It may be one that is not renewed any more.</summary>
    Lives,
    /// <summary>It has ended, or was revoked.</summary>
    Gone,
    /// <summary>The system could not be asked.</summary>
    CannotTell,
    /// <summary>It refuses to answer us (a right, or a token that has ended), whether the lease lives or not.</summary>
    Refused,
}

/// <param name="Term">With Lives.</param>
/// <param name="RetryAfter">With CannotTell and Refused: how long the system asks to wait; null if it does not.</param>
/// <param name="Detail">For people; never null with CannotTell and Refused.</param>
public sealed record LeaseAnswer(LeaseAnswerKind Kind, LeaseTerm? Term = null, string? Detail = null, TimeSpan? RetryAfter = null);
