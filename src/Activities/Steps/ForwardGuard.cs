using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// Before a step from which on whoever has only the old value is refused, looks at the targets that the catalog got since the plan was
/// made. Where one would be left behind, the rotation is refused while all can still be undone: the next one delivers there too.
/// </summary>
/// <remarks>With most strategies the old value works until the revoke, which is held for such a target (<see cref="RevokeHold"/>). Not
/// where there is one value at a time, and not where one side signs or writes with what the other has to accept.</remarks>
internal sealed class ForwardGuard(StepServices services, UnplannedTargets unplanned)
{
    /// <summary>For a delivery: where it makes whoever reads the target use the new key, or where the value has no provider and is what
    /// both sides agree on.</summary>
    /// <returns>Null to go on; else Rejected, or RetryLater where a target gave no answer.</returns>
    public Task<StepOutcome?> BeforeDeliveryAsync(StepContext context, CancellationToken cancellationToken)
    {
        var isOfNew = context.Settings.GetValueOrDefault(StepSettings.Primary) == StepSettings.New;
        var refusesOld = context.Plan.Strategy switch
        {
            Strategy.DualKey or Strategy.ReEncrypt => context.Settings.GetValueOrDefault(StepSettings.Secondary) == StepSettings.Old,
            Strategy.InPlace => !context.Plan.Steps.Any(step => step.Kind == StepKinds.Apply),
            _ => false,
        };
        return isOfNew && refusesOld ? LookAsync(context, cancellationToken) : Task.FromResult<StepOutcome?>(null);
    }

    /// <summary>For a step that ends the one value that there is by setting another.</summary>
    /// <inheritdoc cref="BeforeDeliveryAsync" path="/returns"/>
    public Task<StepOutcome?> BeforeReplacingAsync(StepContext context, CancellationToken cancellationToken) =>
        context.Plan.Strategy == Strategy.InPlace ? LookAsync(context, cancellationToken) : Task.FromResult<StepOutcome?>(null);

    private async Task<StepOutcome?> LookAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (context.Plan.Trigger == RotationTrigger.Emergency)
        {
            // It was planned a moment ago, and waits for nothing.
            return null;
        }

        var fresh = await services.Ledger.GetNewCredentialAsync(context.Rotation.Id, cancellationToken);
        var trail = await StepTrail.ReadAsync(services.Ledger, context.Rotation.Id, cancellationToken);
        if (trail.MayHaveHappened(fresh?.CreatedAt ?? DateTimeOffset.MinValue, context))
        {
            // What may be done already is not refused as if it were not.
            return null;
        }

        var behind = (await unplanned.ReadAsync(context, cancellationToken))
            .Where(target => target.Holds is TargetHolds.Old or TargetHolds.SomethingElse or TargetHolds.NoAnswer or TargetHolds.CannotTell)
            .ToList();
        if (behind.Count == 0)
        {
            return null;
        }

        var names = string.Join(", ", behind.Select(target => target.Name));
        return behind.Find(target => target.Holds == TargetHolds.NoAnswer) is { } silent
            ? StepOutcome.RetryLater(
                $"The catalog got {names} after this rotation was planned, and {silent.Name} cannot be looked at now: {silent.Why}")
            : StepOutcome.Rejected(
                $"The catalog got {names} after this rotation was planned, and whoever reads the old value there would be refused from "
                    + $"here on. Start another rotation, which delivers there too: rotunda rotate {context.Secret.Name}");
    }
}
