using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>
/// How an ability fails whose answer has no place for an outcome: <see cref="IDeliverValues.CaptureAsync"/> and
/// <see cref="IListCredentials.ListAsync"/>. The step ends with the outcome.
/// </summary>
public class OutcomeException(StepOutcome outcome) : Exception(outcome.Reason)
{
    public StepOutcome Outcome { get; } = outcome;
}
