using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Planning;

namespace Rotunda.Api.Desk;

/// <summary>Reads what a rotation asks for, and who has answered.</summary>
internal static class ApprovalReader
{
    /// <summary>Null where the plan asks nobody.</summary>
    public static async Task<ApprovalView?> ReadAsync(ILedger ledger, RotationRecord rotation, CancellationToken cancellationToken)
    {
        if (AskedFor.Of(rotation, stepId: null) is not { } step)
        {
            return null;
        }

        var (rule, all) = (ApprovalRule.Of(step), await ledger.ListDecisionsAsync(rotation.Id, cancellationToken));
        var stand = await ledger.StandAsync(rotation.Id, step.Id, cancellationToken);
        return new ApprovalView(
            step.Id, stand.Given, rule.Need, rule.Roles, rule.People,
            [
                .. all.Select(one => new DecisionView(
                    one.Actor, one.StepId, one.Verdict, one.Comment, one.At, one.WithdrawnAt, one.WithdrawnAt is null && one.Round == stand.Round)),
            ]);
    }
}
