using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Looks whether the old credential may end now. An emergency goes on, with what was found on record.</summary>
internal sealed class HoldStep(RevokeHold hold) : IStep
{
    public string Kind => StepKinds.Hold;

    public Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken) =>
        context.Settings.GetValueOrDefault(StepSettings.OnHold) == StepSettings.Proceed
            ? hold.OnRecordAsync(context, cancellationToken)
            : hold.LookAsync(context, cancellationToken);
}
