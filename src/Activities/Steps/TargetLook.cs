using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Asks a target how it stands to values. Changes nothing.</summary>
internal static class TargetLook
{
    /// <returns>Its <see cref="StepOutcome.Standing"/> tells.</returns>
    public static Task<StepOutcome> LookAsync(
        ProviderRegistry providers,
        ProviderBinding binding,
        ProviderCall call,
        DeliveredValues values,
        CancellationToken cancellationToken) =>
        providers.Ability<ILookAtTarget>(binding.Type) is { } look ? look.LookAsync(call, values, cancellationToken)
        : providers.Ability<IConfirmSync>(binding) is { } confirm ? confirm.ConfirmAsync(call, values, cancellationToken)
        : Task.FromResult(StepOutcome.RetryLater($"What stands at a target of the type '{binding.Type}' cannot be read."));
}
