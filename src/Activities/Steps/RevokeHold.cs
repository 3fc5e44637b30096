using Rotunda.Activities.Clocks;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Says what holds the end of the old credential. The first revoke after it cannot be taken back, so this looks once more at what
/// a plan that was frozen days ago does not know.</summary>
internal sealed class RevokeHold(TargetsWithoutValue targets, ClockWatch clock, GraceLeft grace)
{
    /// <returns>Done; or RetryLater, with all that holds it.</returns>
    public async Task<StepOutcome> LookAsync(StepContext context, CancellationToken cancellationToken)
    {
        var reasons = new List<string>();
        if (await clock.LookAsync(cancellationToken) is { } doubt)
        {
            reasons.Add(
                $"{doubt.Why}. Grace periods go by the clock: set it right, or say that it is right: rotunda clock confirm --reason WHY");
        }
        else if (await grace.WhyAsync(context.Rotation.Id, cancellationToken) is { } left)
        {
            reasons.Add(left);
        }

        var without = context.IsSet(StepSettings.ClockOnly) ? [] : await targets.FindAsync(context, cancellationToken);
        if (without.Count > 0)
        {
            reasons.Add(
                $"{string.Join("; ", without)}. Whoever reads it has the old credential. To bring the value there: rotunda deliver "
                    + context.Secret.Name);
        }

        return reasons.Count == 0
            ? StepOutcome.Done()
            : StepOutcome.RetryLater($"The revoke is held: {string.Join(". And ", reasons)}");
    }

    /// <summary>As the other, for a plan of a release that had no step which holds the revoke: whatever ends the old credential looks by
    /// itself.</summary>
    /// <returns>What holds it; null if nothing does, or if the plan has its step or asks for none.</returns>
    public async Task<StepOutcome?> LookForOldPlanAsync(StepContext context, CancellationToken cancellationToken) =>
        context.Plan is { InterpreterVersion: < RotationPlan.HoldsSince, Trigger: not RotationTrigger.Emergency }
            && !context.IsSet(StepSettings.InPlace) && !context.IsSet(StepSettings.Retire)
            && await LookAsync(context, cancellationToken) is { Succeeded: false } held
                ? held
                : null;

    /// <summary>As the other, for a plan that says to go on whatever is found (an emergency): Done, and what was found is on
    /// record.</summary>
    public async Task<StepOutcome> OnRecordAsync(StepContext context, CancellationToken cancellationToken) =>
        StepOutcome.Done(("passedOver", await TryAsync(context, cancellationToken)));

    private async Task<string?> TryAsync(StepContext context, CancellationToken cancellationToken)
    {
        try
        {
            return (await LookAsync(context, cancellationToken)).Reason;
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // An emergency waits for nothing; that it could not be looked at is on record.
            return $"it could not be looked at: {problem.Message}";
        }
    }
}
