using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>Turns env:NAME, file:PATH, file:PATH#KEY (a key of an env file), store:NAME and key-vault:NAME into values.</summary>
public interface IReferenceResolver
{
    /// <exception cref="ReferenceUnresolvedException">It leads nowhere; the message says what to do.</exception>
    /// <exception cref="OutcomeException">Where it leads cannot be read now.</exception>
    Task<SecretValue> ResolveAsync(string reference, CancellationToken cancellationToken);
}

/// <summary>A reference leads nowhere.</summary>
public sealed class ReferenceUnresolvedException(string reference, string why)
    : OutcomeException(StepOutcome.Rejected($"The reference '{reference}' cannot be resolved: {why}"));
