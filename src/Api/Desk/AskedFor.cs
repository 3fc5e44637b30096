using Rotunda.Ledger;
using Rotunda.Rotation.Planning;

namespace Rotunda.Api.Desk;

/// <summary>The approval that a rotation waits for.</summary>
internal static class AskedFor
{
    private const string BeforeRevoke = "revoke";

    /// <param name="stepId">What is said to be meant; null if nothing is.</param>
    /// <returns>Null for a plan that has none.</returns>
    public static PlannedStep? Of(RotationRecord rotation, string? stepId)
    {
        var steps = rotation.Plan.Steps.Where(step => step.Kind == StepKinds.Approval).ToList();
        return steps.Find(step => step.Id == stepId)
            ?? steps.Find(step => IsBeforeRevoke(step) == rotation.PromotedAt is not null)
            ?? steps.FirstOrDefault();
    }

    private static bool IsBeforeRevoke(PlannedStep step) => step.Settings.GetValueOrDefault(StepSettings.ApproveWhat) == BeforeRevoke;
}
