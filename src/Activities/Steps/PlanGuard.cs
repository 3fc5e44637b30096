using System.Globalization;
using Rotunda.Ledger;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Holds a plan against what the ledger says now.</summary>
internal static class PlanGuard
{
    /// <summary>Null, or Rejected if another credential is active than the plan was made for: going on would write over the
    /// account in use.</summary>
    public static async Task<StepOutcome?> CheckActiveAsync(ILedger ledger, StepContext context, CancellationToken cancellationToken)
    {
        if (context.Settings.GetValueOrDefault(StepSettings.ExpectedActive) is not { } expected)
        {
            return null;
        }

        var all = await ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken);
        var active = all.LastOrDefault(c => c.State == CredentialState.Active && c.RotationNumber != context.Rotation.Number);
        return active is null || active.Id.ToString(CultureInfo.InvariantCulture) == expected ? null : StepOutcome.Rejected(
            $"The plan was made while credential #{expected} was active; by now it is #{active.Id}. Start another rotation: its "
                + "plan will fit.");
    }
}
