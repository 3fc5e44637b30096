using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>Ability DisableCredentials: a trial cut-off before the revoke.</summary>
public interface IDisableCredentials
{
    /// <summary>Makes the credential stop working until it is enabled. One that is disabled, or gone, already is AlreadyDone.</summary>
    Task<StepOutcome> DisableAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken);

    /// <summary>The credential works again. One that does already is fine; one that is gone is Rejected.</summary>
    Task<StepOutcome> EnableAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken);
}
