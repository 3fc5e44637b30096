using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>Ability ScaleConsumers: a consumer that can be stopped as a whole and started again as large as it was.</summary>
public interface IScaleConsumers
{
    /// <summary>
    /// To zero: keeps how many instances there are where it survives this process (at the workload itself, best), then stops
    /// them; Done once none runs any more, RetryLater while some still do. A count that is kept already is left as it is: the
    /// workload is at zero because of it. Back: starts as many as were kept, and forgets the count; Done once they are started,
    /// AlreadyDone if none is kept.
    /// </summary>
    Task<StepOutcome> ScaleAsync(ProviderCall call, bool toZero, CancellationToken cancellationToken);
}
