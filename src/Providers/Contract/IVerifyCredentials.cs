using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

public enum Validity
{
    Valid,
    Invalid,
    /// <summary>The system could not be asked, or its answer does not tell.</summary>
    CannotTell,
}

/// <param name="Detail">For people, without the value.</param>
/// <param name="RetryAfter">With CannotTell: how long the system asks to wait; null if it does not.</param>
public sealed record Verification(Validity Validity, string? Detail = null, TimeSpan? RetryAfter = null)
{
    /// <summary>With Invalid: the value is the right one, and whoever has it cannot do what the policy asks of it (a right is missing, for
    /// one). No other value would do better.</summary>
    public bool Authenticates { get; init; }
}

/// <summary>Ability VerifyCredentials.</summary>
public interface IVerifyCredentials
{
    /// <summary>Authenticates afresh (no pooled connection, no cached token) with the value.</summary>
    Task<Verification> VerifyAsync(ProviderCall call, CredentialHandle credential, SecretValue value, CancellationToken cancellationToken);
}
