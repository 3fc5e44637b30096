using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>Ability ApplyValues.</summary>
public interface IApplyValues
{
    /// <summary>Makes the account authenticate with the value (and, on one account, the old value no longer). Setting the same
    /// value again is harmless.</summary>
    /// <param name="currentValue">The account's value until now, where the system wants it and it is known.</param>
    Task<StepOutcome> ApplyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        SecretValue? currentValue,
        CancellationToken cancellationToken);
}
