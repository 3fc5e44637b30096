using Rotunda.Providers.Contract;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// Finds the targets of the catalog in force that never got the value in use: the plan does not deliver to them, and they do not hold it
/// by another way either (a person who wrote it there). Whoever reads them has the old one.
/// </summary>
internal sealed class TargetsWithoutValue(StepServices services, UnplannedTargets unplanned)
{
    /// <returns>A sentence for each; empty if all have it.</returns>
    /// <exception cref="OutcomeException">There is no catalog to ask, or the value in use cannot be read.</exception>
    public async Task<IReadOnlyList<string>> FindAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (await unplanned.ListAsync(context, cancellationToken) is not { Count: > 0 } missing)
        {
            return [];
        }

        var active = (await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken))
            .LastOrDefault(credential => credential.State == CredentialState.Active);
        using var value = await services.TryReadAsync(context, active?.Value, cancellationToken)
            ?? throw new OutcomeException(
                StepOutcome.RetryLater("The value in use is not in the store, so targets cannot be compared with it."));
        var values = new DeliveredValues(DeliveryValues.Credential(context, active!, value), null, context.Secret.Salt);
        var found = new List<string>();
        foreach (var target in missing)
        {
            if (await LookAsync(context, target, values, cancellationToken) is { } why)
            {
                found.Add(why);
            }
        }

        return found;
    }

    /// <summary>Null if it holds the value.</summary>
    private async Task<string?> LookAsync(
        StepContext context,
        TargetBinding target,
        DeliveredValues values,
        CancellationToken cancellationToken)
    {
        try
        {
            var seen = await unplanned.LookAsync(context, target, values, cancellationToken);
            return seen.Standing == Standing.Same ? null
                : $"the target {target.Name} of the catalog in force never got the new value ({seen.Reason ?? "it holds something else"})";
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            return $"the target {target.Name} of the catalog in force never got the new value, and cannot be looked at ({problem.Message})";
        }
    }
}
