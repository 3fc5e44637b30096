using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>A consumer that was down before the rotation began, and still is, is waited for neither on the way there nor on the way
/// back.</summary>
internal sealed class AbsentConsumers(StepServices services)
{
    /// <returns>The outcome as it is, or Done where the consumer is not waited for.</returns>
    public async Task<StepOutcome> ForgiveAsync(StepContext context, StepOutcome outcome, CancellationToken cancellationToken)
    {
        // One that says on the way there that it cannot work with the value is up again, and has to be heard.
        var isForgivable = outcome.Kind is StepOutcomeKind.RetryLater or StepOutcomeKind.Unknown
            || (outcome.Kind == StepOutcomeKind.Rejected && context.Input.Undo is not null);
        if (!isForgivable
            || !(await StepTrail.ReadAsync(services.Ledger, context.Rotation.Id, cancellationToken)).WasDown(context.Target))
        {
            return outcome;
        }

        var isUp = services.Providers.TryGet(context.Binding!.Type, out var provider)
            && provider is IValidateSetup setup
            && !ConsumerDown.Is(
                await services.Outside.RunAsync(context, () => setup.ValidateAsync(context.Call!, cancellationToken)));
        return isUp
            ? outcome
            : StepOutcome.Done(
                (StepFacts.Down, $"It was down before the rotation began and still is, so it is not waited for: {outcome.Reason}"));
    }
}
