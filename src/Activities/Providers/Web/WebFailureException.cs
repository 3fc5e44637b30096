using Rotunda.Rotation.Credentials;

namespace Rotunda.Activities.Providers.Web;

/// <summary>A call went wrong; the outcome says what that means for the step. Never leaves the provider (<see cref="WebGuard"/>).</summary>
internal sealed class WebFailureException(StepOutcome outcome) : Exception(outcome.Reason)
{
    public StepOutcome Outcome { get; } = outcome;
}
