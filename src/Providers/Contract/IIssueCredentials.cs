using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>Ability IssueCredentials.</summary>
public interface IIssueCredentials
{
    /// <summary>Mints a credential labelled with the request's label. The caller has recorded the intent and, on a later attempt,
    /// has looked for the label with <see cref="IListCredentials"/> and revoked or listed what it found.</summary>
    Task<IssueResult> IssueAsync(ProviderCall call, IssueRequest request, CancellationToken cancellationToken);
}

/// <param name="Previous">The credential in use, whose settings may be carried over; null if it is not known, or revoked.</param>
public sealed record IssueRequest(string Label, CredentialHandle? Previous)
{
    /// <summary>The credential that was in use and is revoked already, before the new one is made; null otherwise.</summary>
    public CredentialHandle? Ended { get; init; }

    /// <summary>When the intent to make it was recorded: nothing older is its.</summary>
    public DateTimeOffset Since { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Reads the value in use from the store; null if it is not there. The caller disposes it.</summary>
    public Func<Task<SecretValue?>> InUse { get; init; } = () => Task.FromResult<SecretValue?>(null);
}

/// <summary>The outcome, and with Done the credential. The caller disposes the value.</summary>
public sealed record IssueResult(StepOutcome Outcome, CredentialHandle? Credential = null, SecretValue? Value = null)
{
    /// <summary>When the credential ends by itself; null if it does not, or nothing tells.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>With <see cref="ILeaseCredentials"/>: how long it lives; null where it is no lease.</summary>
    public LeaseTerm? Lease { get; init; }
}
