using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// An emergency goes on although the provider refuses the value on record as in use: what works stands at the targets, and Rotunda does not
/// know it. So the value on record is brought nowhere, and nobody is asked whether it has arrived.
/// </summary>
internal static class RefusedValue
{
    /// <returns>Done where the step would bring it, or ask for it; else null.</returns>
    public static async Task<StepOutcome?> LeftAsync(StepServices services, StepContext context, CancellationToken cancellationToken)
    {
        var isOfOld = context.Settings.GetValueOrDefault(StepSettings.Primary) == StepSettings.Old;
        var kind = context.Input.Undo?.Kind ?? context.Input.Step.Kind;
        var asks = kind is StepKinds.ConfirmSync or StepKinds.VerifyConsumers;
        return isOfOld
            && (asks || context.IsSet(StepSettings.Level))
            && (await StepTrail.ReadAsync(services.Ledger, context.Rotation.Id, cancellationToken)).WasRefused()
            ? StepOutcome.Done(("left as it is", "the provider refuses the value on record as in use"))
            : null;
    }
}
