using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps.Data;

/// <summary>Stops a consumer as a whole, or starts it as large as it was.</summary>
internal sealed class ScaleConsumersStep(StepServices services) : IStep
{
    public string Kind => StepKinds.ScaleConsumers;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (services.Ability<IScaleConsumers>(context) is not { } consumers)
        {
            return StepServices.Lacks(context, "stop and start consumers");
        }

        return context.Settings.GetValueOrDefault(StepSettings.Scale) switch
        {
            StepSettings.ToZero =>
                await services.Outside.RunAsync(context, () => consumers.ScaleAsync(context.Call!, toZero: true, cancellationToken)),
            StepSettings.Back =>
                await services.Outside.RunAsync(context, () => consumers.ScaleAsync(context.Call!, toZero: false, cancellationToken)),
            var other => StepOutcome.Rejected(
                $"The plan does not say whether to stop or to start the consumers ('{other}'). Roll this "
                    + "rotation back and start another."),
        };
    }
}
