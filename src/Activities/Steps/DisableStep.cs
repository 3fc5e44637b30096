using System.Globalization;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// A trial cut-off: what the revoke is about to end at the provider stops working, in a way that can be taken back. On record first,
/// so that the way back knows what to enable even where the answer was lost.
/// </summary>
internal sealed class DisableStep(StepServices services, Revoker revoker, RevokeHold hold) : IStep
{
    public string Kind => StepKinds.Disable;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (services.Ability<IDisableCredentials>(context) is not { } disabling)
        {
            return StepServices.Lacks(context, "disable credentials");
        }

        var fresh = await services.Ledger.GetNewCredentialAsync(context.Rotation.Id, cancellationToken);
        if (!context.IsSet(StepSettings.Retire) && fresh is not { State: CredentialState.Active })
        {
            return StepOutcome.Rejected(
                "The new credential is not in place, and nothing is disabled before it is. Start another "
                    + "rotation.");
        }

        if (await hold.LookForOldPlanAsync(context, cancellationToken) is { } held)
        {
            return held;
        }

        var all = await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken);
        var (disabled, problems) = (new List<string>(), new List<StepOutcome>());
        foreach (var (credential, _) in revoker.SetOf(context, all, fresh).Where(one => one.How == Settlement.AtProvider))
        {
            await services.Ledger.RecordDisabledAsync(context.Rotation.Id, credential.Id, disabled: true, cancellationToken);
            var outcome = await services.Outside.RunAsync(
                context,
                () => disabling.DisableAsync(context.Call!, StepServices.Handle(credential), cancellationToken));
            if (outcome.Succeeded)
            {
                disabled.Add(string.Create(CultureInfo.InvariantCulture, $"#{credential.Id}"));
            }
            else
            {
                problems.Add(outcome);
            }
        }

        return problems.Count > 0 ? Revoker.Worst(problems, disabled.Count > 0 ? "disabled" : null)
            : StepOutcome.Done(("disabled", disabled.Count == 0 ? "nothing" : string.Join(", ", disabled)));
    }
}
