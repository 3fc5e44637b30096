using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// Compares what stands at a target with the value in use, before a rotation writes there. What Rotunda did not put there may be
/// the only copy of a value that works, so the plan says whether it may be overwritten.
/// </summary>
internal sealed class DriftGuard(StepServices services)
{
    private const int MostOthers = 4;

    /// <summary>How the step's target stands to the value that was in use when the rotation began.</summary>
    public async Task<Found> LookAsync(StepContext context, CancellationToken cancellationToken)
    {
        var all = await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken);
        var old = await services.Ledger.GetOldCredentialAsync(context.Rotation.Id, cancellationToken);
        using var value = await services.TryReadAsync(context, old?.Value, cancellationToken);
        if (value is null)
        {
            return new Found(Standing.CannotTell, null, IsOurs: false);
        }

        var (facts, succeeded) = await StepTrail.LastDeliveryAsync(
            services.Ledger, context.Secret.Name, context.Target!, cancellationToken);
        var call = context.Call! with { Delivery = facts };
        var current = DeliveryValues.Credential(context, old!, value);
        var outcome = await LookAsync(context, call, new DeliveredValues(current, null, context.Secret.Salt), cancellationToken);
        if (outcome.Standing is not (Standing.Differs or Standing.Missing))
        {
            return new Found(outcome.Standing, null, IsOurs: true);
        }

        var ours = succeeded || await services.Ledger.HasDeliveredAsync(
            context.Secret.Name, context.Target!, context.Rotation.Number, cancellationToken);
        return new Found(outcome.Standing, outcome.Reason, ours)
        {
            Uses = outcome.Standing == Standing.Differs ? await UsedAsync(context, call, current, old!, all, cancellationToken) : null,
        };
    }

    /// <summary>Null if the rotation may write there; else why not.</summary>
    public static StepOutcome? Refuse(StepContext context, Found found) =>
        found is not { Standing: Standing.Differs, IsOurs: true, Uses: null }
            || context.Settings.GetValueOrDefault(StepSettings.OnDrift) != StepSettings.Stop
            ? null
            : StepOutcome.Rejected(
                $"{context.Target} has drifted: {found.Detail} What stands there was not put there by Rotunda, and is not overwritten "
                    + $"(onDrift: stop). To bring the value in use there again: rotunda deliver {context.Secret.Name}. To let rotations "
                    + "write over it: onDrift: overwrite in the catalog.");

    /// <summary>
    /// Where a rotation would end the credential before the one in use (see <see cref="LeftInUse"/>): refused while a target has that one.
    /// Whoever reads it there would be locked out until the new one is there, and no grace period helps.
    /// </summary>
    /// <returns>Null if the target is not left behind, or nothing would end what it has.</returns>
    public static StepOutcome? RefuseToLeaveBehind(StepContext context, Found found) =>
        found.Uses is { State: CredentialState.Previous } left && LeftInUse.IsEndedBy(context.Plan)
            ? StepOutcome.Rejected(
                $"{context.Target} still has the credential of rotation {left.RotationNumber}, which was in use before the present one. "
                    + $"The new value would end it at once. Bring the value in use there first: rotunda deliver {context.Secret.Name}")
            : null;

    /// <summary>The credential of this secret's own that is used there, though another is in use: an earlier rotation, which did not come
    /// to its end, left it there.</summary>
    private async Task<CredentialRecord?> UsedAsync(
        StepContext context,
        ProviderCall call,
        DeliveredCredential current,
        CredentialRecord old,
        IReadOnlyList<CredentialRecord> all,
        CancellationToken cancellationToken)
    {
        foreach (var other in all.Where(c => c.Id != old.Id && c.MayBeLive && c.Value is not null).TakeLast(MostOthers))
        {
            using var value = await services.TryReadAsync(context, other.Value, cancellationToken);
            if (value is null)
            {
                continue;
            }

            var one = DeliveryValues.Credential(context, other, value);
            foreach (var (primary, secondary, used) in new[] { (one, null, other), (current, one, old), (one, current, other) })
            {
                var values = new DeliveredValues(primary, secondary, context.Secret.Salt);
                if ((await LookAsync(context, call, values, cancellationToken)).Standing == Standing.Same)
                {
                    return used;
                }
            }
        }

        return null;
    }

    private Task<StepOutcome> LookAsync(
        StepContext context,
        ProviderCall call,
        DeliveredValues values,
        CancellationToken cancellationToken) =>
        TargetLook.LookAsync(services.Providers, context.Binding!, call, values, cancellationToken);
}

/// <summary>What stands at a target before a rotation writes there.</summary>
/// <param name="Detail">For people, where it is not the value in use.</param>
/// <param name="IsOurs">An earlier rotation has delivered there.</param>
internal sealed record Found(Standing Standing, string? Detail, bool IsOurs)
{
    /// <summary>Where it is not as it should be, the credential of this secret's own that is used there; null for anything else.</summary>
    public CredentialRecord? Uses { get; init; }

    /// <summary>The way back delivers the value in use out of the store: what stands there is not it. A new target that holds
    /// nothing yet is left with nothing.</summary>
    public bool FromStore => Standing == Standing.Differs || (Standing == Standing.Missing && IsOurs);

    /// <summary>As the record shows it; null where there is nothing to tell.</summary>
    public string? Drift => Standing is Standing.Differs or Standing.Missing ? Detail : null;
}
