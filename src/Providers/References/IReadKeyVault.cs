using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.References;

/// <summary>Reads what <c>key-vault:</c> references lead to.</summary>
public interface IReadKeyVault
{
    /// <param name="reference">Whole, for the problem.</param>
    /// <param name="name">A secret's name in the head's vault, or VAULT/NAME in another one of the same cloud.</param>
    /// <exception cref="ReferenceUnresolvedException">It leads nowhere.</exception>
    /// <exception cref="OutcomeException">The vault cannot be read now.</exception>
    Task<SecretValue> ReadAsync(string reference, string name, CancellationToken cancellationToken);
}
