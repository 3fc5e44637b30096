using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>Ability DeliverValues: a target.</summary>
public interface IDeliverValues
{
    /// <summary>What stands there now in the places this binding owns, as one opaque value that <see cref="RestoreAsync"/> takes;
    /// null if nothing does. Kept in the secret store before the first delivery of a rotation. Not called where nothing can be read
    /// (<see cref="ProviderDescriptor.IsWriteOnly"/>).</summary>
    /// <exception cref="OutcomeException">It cannot be read now.</exception>
    Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken);

    /// <summary>Puts the values there. Readers see the old or the new, never a mixture. The same again is AlreadyDone.</summary>
    Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken);

    /// <summary>Puts back what was captured (null: takes away what this binding owns) and leaves everything else there as it is.</summary>
    Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken);
}
