using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>Fingerprints only: what consumers are expected to use.</summary>
public sealed record ExpectedFingerprints(string Primary, string? Secondary);

/// <summary>Ability CheckConsumers.</summary>
public interface ICheckConsumers
{
    /// <summary>Done if every consumer is healthy and, where it tells, uses what is expected; RetryLater while it may still
    /// get there; Rejected if it says that it cannot work with the value.</summary>
    Task<StepOutcome> CheckAsync(ProviderCall call, ExpectedFingerprints expected, CancellationToken cancellationToken);
}
