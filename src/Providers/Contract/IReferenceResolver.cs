using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>Turns env:NAME, file:PATH, file:PATH#KEY (a key of an env file), store:NAME and key-vault:NAME into values.</summary>
public interface IReferenceResolver
{
    /// <exception cref="ReferenceUnresolvedException">It leads nowhere; the message says what to do.</exception>
    /// <exception cref="OutcomeException">Where it leads cannot be read now.</exception>
    Task<SecretValue> ResolveAsync(string reference, CancellationToken cancellationToken);
}

public sealed class ReferenceUnresolvedException(
    string reference,
    string why) : Exception($"The reference '{reference}' cannot be resolved: {why}");
