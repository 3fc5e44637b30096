using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Web;

/// <summary>A call went wrong; the outcome says what that means for the step. Abilities that answer with an outcome turn it into
/// that (<see cref="WebGuard"/>).</summary>
internal sealed class WebFailureException(StepOutcome outcome) : OutcomeException(outcome)
{
    /// <summary>The status of the answer that refused the call; null if it is another failure.</summary>
    public int? Status { get; init; }
}
