using System.Globalization;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// Looks whether what was delivered is where consumers read it. One look by one attempt (the plan's budget asks again and
/// again), but as many confirmations in a row as the target's provider wants.
/// </summary>
internal sealed class ConfirmSyncStep(StepServices services, DeliveryValues delivery) : IStep
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public string Kind => StepKinds.ConfirmSync;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (services.Ability<IConfirmSync>(context) is not { } target)
        {
            return StepServices.Lacks(context, "confirm that values arrived");
        }

        if (await RefusedValue.LeftAsync(services, context, cancellationToken) is { } left)
        {
            return left;
        }

        var (values, problem) = await delivery.RenderAsync(context, cancellationToken);
        if (values is null)
        {
            return problem!;
        }

        try
        {
            var trail = await StepTrail.ReadAsync(services.Ledger, context.Rotation.Id, cancellationToken);
            var last = trail.LastDelivery(context.Target);
            var call = last?.Facts is { } facts ? context.Call! with { Delivery = facts } : context.Call!;
            var outcome = await ConfirmAsync(context, call, target, values, cancellationToken);
            return outcome.Succeeded ? Timed(context, outcome, last?.EndedAt) : outcome;
        }
        finally
        {
            DeliveryValues.Clear(values);
        }
    }

    private async Task<StepOutcome> ConfirmAsync(
        StepContext context,
        ProviderCall call,
        IConfirmSync target,
        DeliveredValues values,
        CancellationToken cancellationToken)
    {
        var wanted = services.Providers.Descriptors[context.Binding!.Type].Confirmations;
        for (var seen = 0; ; await Task.Delay(Pause, services.Time, cancellationToken))
        {
            var outcome = await services.Outside.RunAsync(context, () => target.ConfirmAsync(call, values, cancellationToken));
            if (!outcome.Succeeded)
            {
                return seen == 0
                    ? outcome
                    : outcome with { Reason = $"{outcome.Reason} (After {seen} of {wanted} confirmations in a row.)" };
            }

            if (++seen >= wanted)
            {
                return outcome;
            }
        }
    }

    /// <summary>With how long it took from the delivery on, for the timeline and the histogram.</summary>
    private StepOutcome Timed(StepContext context, StepOutcome outcome, DateTimeOffset? deliveredAt)
    {
        if (deliveredAt is not { } delivered)
        {
            return outcome;
        }

        var took = services.Time.GetUtcNow() - delivered;
        OutsideCall.RecordArrival(context, took);
        return outcome with
        {
            Facts = new Dictionary<string, string>(outcome.Facts ?? new Dictionary<string, string>(), StringComparer.Ordinal)
            {
                ["arrivedAfter"] = string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, took.TotalSeconds):0.#}s"),
            },
        };
    }
}
