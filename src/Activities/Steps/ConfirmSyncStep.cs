using Rotunda.Activities.Ledger;
using Rotunda.Activities.Providers;
using Rotunda.Activities.Stores;
using Rotunda.Rotation.Credentials;
using Rotunda.Rotation.Planning;

namespace Rotunda.Activities.Steps;

/// <summary>Waits until what was delivered is where consumers read it.</summary>
internal sealed class ConfirmSyncStep(StepServices services, DeliveryValues delivery) : IStep
{
    public string Kind => StepKinds.ConfirmSync;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (services.Ability<IConfirmSync>(context) is not { } target)
        {
            return StepServices.Lacks(context, "confirm that values arrived");
        }

        var (values, problem) = await delivery.RenderAsync(context, cancellationToken);
        if (values is null)
        {
            return problem!;
        }

        try
        {
            return await services.Outside.RunAsync(context, () => target.ConfirmAsync(context.Call!, values, cancellationToken));
        }
        finally
        {
            DeliveryValues.Clear(values);
        }
    }
}
