using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>Ability RevokeCredentials.</summary>
public interface IRevokeCredentials
{
    /// <summary>Makes the credential stop working. One that is gone already is AlreadyDone. Its id is in the ledger before this
    /// is called.</summary>
    Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken);
}
