using Rotunda.Campaigns.Run;
using Rotunda.Campaigns.Selection;
using Rotunda.Campaigns.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Campaigns.Desk;

/// <summary>Says what a campaign would do, and starts nothing.</summary>
public sealed class CampaignPreviewer(ILedger ledger, IMemberDesk desk)
{
    /// <summary>So many are named singly; the others are counted.</summary>
    private const int MostNamed = 500;

    private const int PacesLookedAt = 20_000;
    private const int SideBySide = 4;

    /// <exception cref="CampaignRefusedException">It selects nothing that the caller may rotate.</exception>
    public async Task<CampaignPreview> PreviewAsync(CampaignWish wish, CancellationToken cancellationToken)
    {
        var (catalog, secrets, selected) = await SelectAsync(wish, cancellationToken);
        var members = selected.Members;
        var outlooks = new Outlook[members.Count];
        var all = new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, members.Count), all, async (at, stop) => outlooks[at] = await Outlook.OfAsync(
            wish, catalog, members[at], secrets.GetValueOrDefault(members[at].Name), desk, ledger, stop));
        var paces = new Paces(await ledger.ListPacesAsync(PacesLookedAt, cancellationToken), catalog);
        return new CampaignPreview(
            selected.HashFor(wish), CampaignWords.Of(wish.Kind), wish.Select?.ToString(), wish.Incident, wish.RevokeFirst,
            wish.Pace.AtOnce, wish.Pace.PerProvider, members.Count, paces.Whole(members, wish.Pace),
            RisksOf(members), paces.ByProvider(members, wish.Pace), OrderOf(members, outlooks, paces),
            Notes(members, outlooks, one => one.NeedsPerson), Notes(members, outlooks, one => one.CannotNow),
            new PreviewNotes(selected.LeftOut.Count, [.. selected.LeftOut.Take(MostNamed).Select(name => new PreviewNote(
                name, "your role is not for it"))]));
    }

    /// <summary>What the wish selects now.</summary>
    /// <exception cref="CampaignRefusedException">It selects nothing that the caller may rotate.</exception>
    internal async Task<(RotationCatalog Catalog, IReadOnlyDictionary<string, SecretRecord> Secrets, Selected Selected)> SelectAsync(
        CampaignWish wish, CancellationToken cancellationToken)
    {
        var catalog = desk.Catalog ?? throw new CampaignRefusedException(
            CampaignRefusedException.NoCatalog, "There is no valid catalog yet. See what is wrong with it: rotunda doctor");
        var secrets = await ledger.SecretsByNameAsync(cancellationToken);
        var selected = Selected.Of(wish, catalog, secrets);
        return selected.Members.Count > 0 ? (catalog, secrets, selected) : throw new CampaignRefusedException(
            CampaignRefusedException.Nothing,
            selected.LeftOut.Count > 0
                ? $"Your role is for none of the {selected.LeftOut.Count} secrets that '{wish.Select}' selects. Ask an admin for it."
                : $"'{wish.Select?.ToString() ?? "all"}' selects no secret of the catalog. See them with: rotunda secrets");
    }

    private static IReadOnlyList<PreviewRisk> RisksOf(IReadOnlyList<Policy> members) =>
    [
        .. members.GroupBy(Selected.RiskOf).OrderBy(group => RiskWords.RankOf(group.Key))
            .Select(group => new PreviewRisk(group.Key, group.Count())),
    ];

    private static IReadOnlyList<PreviewMember> OrderOf(IReadOnlyList<Policy> members, Outlook[] outlooks, Paces paces) =>
    [
        .. members.Take(MostNamed).Select((policy, at) => new PreviewMember(
            at + 1, policy.Name, policy.Provider.Type, Selected.RiskOf(policy), Selected.ExposureOf(policy),
            (long)Math.Ceiling(paces.Of(policy).TotalSeconds),
            outlooks[at].CannotNow ?? (outlooks[at].NeedsPerson is { } needs ? $"needs {needs}" : null))),
    ];

    private static PreviewNotes Notes(IReadOnlyList<Policy> members, Outlook[] outlooks, Func<Outlook, string?> why)
    {
        var notes = members.Select((policy, at) => (policy.Name, Why: why(outlooks[at]))).Where(one => one.Why is not null).ToList();
        return new PreviewNotes(notes.Count, [.. notes.Take(MostNamed).Select(one => new PreviewNote(one.Name, one.Why!))]);
    }
}
