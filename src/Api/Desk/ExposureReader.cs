using Rotunda.Api.Views;
using Rotunda.Campaigns.Desk;
using Rotunda.Leaks.Desk;
using Rotunda.Leaks.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>Reads what is known to be exposed: leaked values that are not dead, emergencies under way, and open campaigns.</summary>
public sealed class ExposureReader(ILedger ledger, LeakDesk leaks, CampaignReader campaigns)
{
    private const int MostShown = 10;
    private const int MostCampaigns = 3;

    public async Task<HomeExposure> GetAsync(Sight sight, CancellationToken cancellationToken)
    {
        var living = (await leaks.OpenAsync(cancellationToken)).Where(leak => leak.DeadAt is null && sight.Sees(leak.Secret)).ToList();
        var filter = new RotationFilter(OpenOnly: true, Limit: HomeExposure.Most) { Trigger = RotationTrigger.Emergency };
        var emergencies = (await ledger.ListRotationsAsync(filter, cancellationToken)).Where(one => sight.Sees(one.Secret)).ToList();
        var open = emergencies.ToDictionary(one => one.Id, StringComparer.Ordinal);
        var leaked = living.Select(leak => leak.RotationId).ToHashSet(StringComparer.Ordinal);
        List<ExposedSecret> all =
        [
            .. living.Select(leak => Of(leak, leak.RotationId is { } id ? open.GetValueOrDefault(id) : null)),
            .. emergencies.Where(one => !leaked.Contains(one.Id)).Select(one => new ExposedSecret(
                one.Secret, StateOf(one, "rotating"), one.PromotedAt is not null, one.Reason, one.CreatedAt, one.Incident, null, one.Id)),
        ];
        return new HomeExposure(
            [.. all.Take(MostShown)],
            Math.Min(all.Count, HomeExposure.Most),
            (await campaigns.ListAsync(sight.Sees, openOnly: true, MostCampaigns, cancellationToken)).Campaigns);
    }

    private static ExposedSecret Of(LeakView leak, RotationRecord? emergency) => new(
        leak.Secret, StateOf(emergency, leak.State), leak.State == "ending" || emergency?.PromotedAt is not null, leak.Where, leak.FoundAt,
        leak.Incident, leak.Leak, leak.RotationId);

    /// <summary>An emergency that waits for a person needs one.</summary>
    private static string StateOf(RotationRecord? emergency, string otherwise) =>
        emergency is not null && HomeReader.IsForPeople(emergency.State) ? "asked" : otherwise;
}
