using System.Globalization;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Undo of Disable: whatever is, or may be, disabled works again.</summary>
internal sealed class EnableStep(StepServices services) : IStep
{
    public string Kind => StepKinds.Enable;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (services.Ability<IDisableCredentials>(context) is not { } disabling)
        {
            return StepServices.Lacks(context, "enable credentials");
        }

        var all = await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken);
        var (enabled, problems) = (new List<string>(), new List<StepOutcome>());
        foreach (var credential in all.Where(one => one.DisabledAt is not null && one.MayBeLive))
        {
            var outcome = await services.Outside.RunAsync(
                context,
                () => disabling.EnableAsync(context.Call!, StepServices.Handle(credential), cancellationToken));
            if (outcome.Succeeded)
            {
                await services.Ledger.RecordDisabledAsync(context.Rotation.Id, credential.Id, disabled: false, cancellationToken);
                enabled.Add(string.Create(CultureInfo.InvariantCulture, $"#{credential.Id}"));
            }
            else
            {
                problems.Add(outcome);
            }
        }

        return problems.Count > 0 ? Revoker.Worst(problems, enabled.Count > 0 ? "enabled" : null)
            : enabled.Count == 0 ? StepOutcome.AlreadyDone()
            : StepOutcome.Done(("enabled", string.Join(", ", enabled)));
    }
}
