using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>Every step kind lets the provider check its settings and reach before anything is touched. Optional.</summary>
public interface IValidateSetup
{
    /// <summary>Done, Rejected with what is wrong and what to do, or RetryLater if the system cannot be reached. Changes nothing.</summary>
    Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken);
}
