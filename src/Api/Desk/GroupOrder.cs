using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>Keeps more secrets of a group than may be from rotating at once, whoever starts them. An emergency goes ahead, and says
/// so.</summary>
public sealed class GroupOrder(ILedger ledger)
{
    /// <summary>What the ledger holds a start to; null for an emergency, for a run that makes no new value, and for a scheduled one of a
    /// credential that ends by itself, which the schedule does not leave to die for its group.</summary>
    internal async Task<GroupLimit?> LimitAsync(
        RotationCatalog catalog, Policy policy, StartRequest request, CancellationToken cancellationToken)
    {
        if (request.Trigger == RotationTrigger.Emergency || request.Instead is not null || policy.Group is null)
        {
            return null;
        }

        return request.Trigger == RotationTrigger.Schedule
            && (await ledger.GetSecretAsync(policy.Name, cancellationToken))?.EndsAt is not null
                ? null
                : GroupLimit.Of(catalog, policy);
    }

    /// <summary>What a plan says of it; null where there is room.</summary>
    internal async Task<string?> NoteAsync(
        RotationCatalog catalog, Policy policy, StartRequest request, CancellationToken cancellationToken) =>
        request.Trigger == RotationTrigger.Schedule || request.Instead is not null
            || GroupLimit.Of(catalog, policy) is not { } limit
            || await limit.WhyFullAsync(ledger, cancellationToken) is not { } why ? null
            : request.Trigger == RotationTrigger.Emergency
                ? $"Emergency {request.Incident}: it goes ahead although {why}."
                : $"It does not start now: {why}.";

    /// <summary>The answer to a start for which there was no room.</summary>
    internal async Task<StartOutcome> FullAsync(
        GroupLimit limit, string secret, string open, CancellationToken cancellationToken) => new(
        StartOutcomeKind.Conflict,
        open,
        Message: $"{secret} does not start now: "
            + $"{await limit.WhyFullAsync(ledger, cancellationToken) ?? $"{open} of its group was under way"}. "
            + $"Wait for {open}, or end it; an emergency goes ahead.");
}
