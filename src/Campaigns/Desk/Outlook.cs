using Rotunda.Campaigns.Run;
using Rotunda.Campaigns.Selection;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;

namespace Rotunda.Campaigns.Desk;

/// <summary>What the rotation of one member would meet: a person whom it needs, or why it cannot start now.</summary>
internal sealed record Outlook(string? NeedsPerson, string? CannotNow)
{
    /// <param name="secret">What the ledger has of it; null if it is not adopted.</param>
    public static async Task<Outlook> OfAsync(
        CampaignWish wish,
        RotationCatalog catalog,
        Policy policy,
        SecretRecord? secret,
        IMemberDesk desk,
        ILedger ledger,
        CancellationToken cancellationToken)
    {
        if (secret is null || await ledger.GetSnapshotAsync(policy.Name, cancellationToken) is not { } snapshot)
        {
            return new Outlook(null, $"it is not adopted yet: {desk.NotAdopted.GetValueOrDefault(policy.Name) ?? "the next sweep tries"}");
        }

        try
        {
            var supersedes = wish.Kind == CampaignKind.Emergency && secret.ActiveRotationId is not null;
            var request = new PlanRequest(wish.Trigger, wish.Reason, wish.By, desk.Now, wish.Incident, wish.RevokeFirst, supersedes);
            var plan = RotationPlanner.Plan(policy, snapshot, request, desk.Descriptors, catalog.Hash, catalog.Stores, catalog.Head);
            return new Outlook(PeopleOf(plan), await OpenAsync(wish, catalog, policy, secret, ledger, cancellationToken));
        }
        catch (ArgumentException refused)
        {
            return new Outlook(null, refused.Message);
        }
    }

    private static string? PeopleOf(RotationPlan plan)
    {
        var needs = plan.Steps.Select(step => step.Kind switch
        {
            StepKinds.Approval => "an approval",
            StepKinds.Ask => "a value that a person gives",
            StepKinds.ConfirmRevoked => "a person who ends the old one",
            _ => null,
        }).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return needs.Count == 0 ? null : string.Join(", ", needs);
    }

    /// <summary>An emergency takes over what is open.</summary>
    private static async Task<string?> OpenAsync(
        CampaignWish wish,
        RotationCatalog catalog,
        Policy policy,
        SecretRecord secret,
        ILedger ledger,
        CancellationToken cancellationToken)
    {
        if (wish.Kind == CampaignKind.Emergency)
        {
            return null;
        }

        if (secret.ActiveRotationId is not { } id || await ledger.GetRotationAsync(id, cancellationToken) is not { } open)
        {
            return GroupLimit.Of(catalog, policy) is { } limit && await limit.WhyFullAsync(ledger, cancellationToken) is { } why
                ? $"{why}: it starts when there is room"
                : null;
        }

        return $"{id} is open ({LedgerWords.Of(open.State)}): it starts when that has ended";
    }
}
