using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>Ability RevokeByValue: for systems that end what they are shown, and know no id.</summary>
public interface IRevokeByValue
{
    /// <summary>Makes the credential with this value stop working. One that is refused already is AlreadyDone.</summary>
    Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, SecretValue value, CancellationToken cancellationToken);
}
