using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>
/// Of a target that <see cref="IConfirmSync"/> cannot tell how it stands without waiting for something or setting something off.
/// Optional: other targets are looked at by a confirmation.
/// </summary>
public interface ILookAtTarget
{
    /// <summary>Done if the values stand there; <see cref="StepOutcome.Differs"/> or <see cref="StepOutcome.Missing"/> if it is known
    /// that they do not; anything else means that nobody can tell. Changes nothing.</summary>
    Task<StepOutcome> LookAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken);
}
