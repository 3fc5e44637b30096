using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>Who wants a rotation, and why.</summary>
/// <param name="RequestedBy">The subject of the token, or "schedule".</param>
/// <param name="Incident">Required for an emergency.</param>
/// <param name="Supersedes">It takes an open rotation over: an emergency, or a deliver run where the revoke is held because a target of
/// the catalog never got the new value.</param>
/// <param name="RevokeFirst">Emergency only: the old credential dies before the new one is made.</param>
public sealed record PlanRequest(
    RotationTrigger Trigger,
    string Reason,
    string RequestedBy,
    DateTimeOffset At,
    string? Incident = null,
    bool RevokeFirst = false,
    bool Supersedes = false)
{
    /// <summary><see cref="Strategy.Deliver"/> or <see cref="Strategy.Retire"/> for a run that makes no new value; null for a
    /// rotation.</summary>
    public Strategy? Instead { get; init; }
}

/// <summary>What the ledger knows of a secret when a plan is made.</summary>
/// <param name="NextNumber">The number that the rotation will have.</param>
/// <param name="Credentials">All that may be live (not revoked).</param>
public sealed record SecretSnapshot(
    string Name,
    int NextNumber,
    IReadOnlyList<CredentialRecord> Credentials,
    DateTimeOffset? AdoptedAt,
    DateTimeOffset? LastRotatedAt)
{
    /// <summary>What the last look at its targets and its provider found; null if none was taken.</summary>
    public DriftReport? Drift { get; init; }

    public CredentialRecord? Active => Credentials.LastOrDefault(c => c.State == CredentialState.Active);
}
