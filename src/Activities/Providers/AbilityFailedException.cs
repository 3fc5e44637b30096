using Rotunda.Rotation.Credentials;

namespace Rotunda.Activities.Providers;

/// <summary>Why an ability method that answers with something else than an outcome (a capture, a list) has no answer.</summary>
/// <param name="outcome">Not a success; its reason holds no value.</param>
public class AbilityFailedException(StepOutcome outcome) : Exception(outcome.Reason)
{
    public StepOutcome Outcome { get; } = outcome;
}
