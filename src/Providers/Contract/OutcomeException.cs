using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>
/// A failure that carries what it means for the step. Settings, references and templates fail so by their type; and so does an ability
/// whose answer has no place for an outcome: <see cref="IDeliverValues.CaptureAsync"/> and <see cref="IListCredentials.ListAsync"/>.
/// </summary>
public class OutcomeException(StepOutcome outcome) : Exception(outcome.Reason)
{
    public StepOutcome Outcome { get; } = outcome;
}
