using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>Ability ConfirmSync: of a target.</summary>
public interface IConfirmSync
{
    /// <summary>Done once the values are where consumers read them; RetryLater with what was seen last while they are not.</summary>
    Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken);
}
