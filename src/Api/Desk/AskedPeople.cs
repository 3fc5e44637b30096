using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>The people whom a rotation's plan names for what it waits for, and who have not answered yet.</summary>
internal static class AskedPeople
{
    /// <summary>What it asks people for now; null if it waits for nobody's answer.</summary>
    public static PlannedStep? StepOf(RotationRecord rotation) => rotation.State switch
    {
        RotationState.WaitingForApproval => AskedFor.Of(rotation, stepId: null),
        RotationState.WaitingForValue => rotation.Plan.Steps.FirstOrDefault(step => step.Kind == StepKinds.Ask),
        RotationState.WaitingForRevoke => rotation.Plan.Steps.FirstOrDefault(step => step.Kind == StepKinds.ConfirmRevoked),
        _ => null,
    };

    public static async Task<IReadOnlyList<string>> OfAsync(
        RotationRecord rotation, PlannedStep step, ILedger ledger, CancellationToken cancellationToken)
    {
        if (step.Kind != StepKinds.Approval)
        {
            return step.Settings.GetValueOrDefault(StepSettings.AskFrom)?.Split(',') ?? [];
        }

        var people = ApprovalRule.Of(step).People.Where(person => !Actors.IsSame(person, rotation.RequestedBy)).ToList();
        if (people.Count == 0)
        {
            return [];
        }

        var round = (await ledger.StandAsync(rotation.Id, step.Id, cancellationToken)).Round;
        var decided = (await ledger.ListDecisionsAsync(rotation.Id, cancellationToken))
            .Where(one => one.StepId == step.Id && one.Round == round && one.WithdrawnAt is null).ToList();
        return people.FindAll(person => !decided.Any(one => Actors.IsSame(one.Actor, person)));
    }
}
