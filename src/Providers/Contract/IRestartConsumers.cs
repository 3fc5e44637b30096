using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>Ability RestartConsumers.</summary>
public interface IRestartConsumers
{
    /// <summary>Makes the consumers read their credentials again. Once too often is harmless.</summary>
    Task<StepOutcome> RestartAsync(ProviderCall call, CancellationToken cancellationToken);
}
