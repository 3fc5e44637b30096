using Rotunda.Campaigns.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Campaigns.Desk;

/// <summary>How long rotations take until their new value is in use: the secret's own last one, else what is usual at its provider.</summary>
internal sealed class Paces
{
    /// <summary>Where nothing is known yet.</summary>
    private static readonly TimeSpan s_guess = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, TimeSpan> _bySecret = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> _byProvider;

    /// <param name="newestFirst">As the ledger has them.</param>
    public Paces(IReadOnlyList<RotationPace> newestFirst, RotationCatalog catalog)
    {
        foreach (var pace in newestFirst)
        {
            _bySecret.TryAdd(pace.Secret, pace.Took);
        }

        _byProvider = _bySecret.Where(pair => catalog.Policies.ContainsKey(pair.Key))
            .GroupBy(pair => catalog.Policies[pair.Key].Provider.Type, pair => pair.Value, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, Median, StringComparer.Ordinal);
    }

    public TimeSpan Of(Policy policy) =>
        _bySecret.TryGetValue(policy.Name, out var own) ? own : _byProvider.GetValueOrDefault(policy.Provider.Type, s_guess);

    /// <summary>By provider, the longest first: its members side by side as the pace allows.</summary>
    public IReadOnlyList<PreviewProvider> ByProvider(IReadOnlyList<Policy> members, CampaignPace pace) =>
    [
        .. members.GroupBy(policy => policy.Provider.Type, StringComparer.Ordinal)
            .Select(group => new PreviewProvider(
                group.Key, group.Count(), SideBySide(group, Math.Min(pace.PerProvider, pace.AtOnce)), _byProvider.ContainsKey(group.Key)))
            .OrderByDescending(one => one.Seconds).ThenBy(one => one.Provider, StringComparer.Ordinal),
    ];

    /// <summary>Not sooner than the slowest provider, nor than all of them as many at once as the pace allows.</summary>
    public long Whole(IReadOnlyList<Policy> members, CampaignPace pace) => members.Count == 0 ? 0
        : Math.Max(ByProvider(members, pace)[0].Seconds, SideBySide(members, pace.AtOnce));

    private long SideBySide(IEnumerable<Policy> members, int atOnce)
    {
        var (sum, longest) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (var took in members.Select(Of))
        {
            sum += took;
            longest = took > longest ? took : longest;
        }

        return (long)Math.Ceiling(Math.Max(sum.TotalSeconds / atOnce, longest.TotalSeconds));
    }

    private static TimeSpan Median(IEnumerable<TimeSpan> all)
    {
        var sorted = all.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
