using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Clients.Kubernetes;

/// <summary>Turns what went wrong into the answer of an ability.</summary>
internal static class KubernetesGuard
{
    public static Task<StepOutcome> OutcomeAsync(Func<Task<StepOutcome>> work) => WebGuard.OutcomeAsync(async () =>
    {
        try
        {
            return await work();
        }
        catch (Exception problem) when (problem is DeliveryException or SettingMissingException or ReferenceUnresolvedException)
        {
            // Settings and templates are read before anything is sent.
            return StepOutcome.Rejected(problem.Message);
        }
    });

    public static async Task<SecretValue?> CaptureAsync(Func<Task<SecretValue?>> work)
    {
        try
        {
            return await work();
        }
        catch (DeliveryException problem)
        {
            throw new OutcomeException(StepOutcome.Rejected(problem.Message));
        }
    }

    /// <summary>For looks that may nudge somebody else: a nudge too many is harmless, so nothing is left in doubt.</summary>
    public static async Task<StepOutcome> LookAsync(Func<Task<StepOutcome>> work)
    {
        var outcome = await OutcomeAsync(work);
        return outcome.Kind == StepOutcomeKind.Unknown ? outcome with { Kind = StepOutcomeKind.RetryLater } : outcome;
    }
}
