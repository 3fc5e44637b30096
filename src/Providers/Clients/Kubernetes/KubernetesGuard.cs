using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Clients.Kubernetes;

/// <summary>Turns what went wrong into the answer of an ability.</summary>
internal static class KubernetesGuard
{
    /// <summary>For looks that may nudge somebody else: a nudge too many is harmless, so nothing is left in doubt.</summary>
    public static async Task<StepOutcome> LookAsync(Func<Task<StepOutcome>> work)
    {
        var outcome = await WebGuard.OutcomeAsync(work);
        return outcome.Kind == StepOutcomeKind.Unknown ? outcome with { Kind = StepOutcomeKind.RetryLater } : outcome;
    }
}
