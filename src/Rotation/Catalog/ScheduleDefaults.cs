
namespace Rotunda.Rotation.Catalog;

/// <summary>What the defaults say of when secrets rotate.</summary>
/// <param name="Frequencies">Of every risk class; null for one that rotates on request only.</param>
internal sealed record ScheduleDefaults(
    TimeSpan? Interval,
    bool OnCompromise,
    IReadOnlyDictionary<RiskClass, TimeSpan?> Frequencies,
    TimeSpan Jitter,
    IReadOnlyList<ChangeFreeze> Freezes,
    MissedRun Missed,
    SchedulePause? Paused)
{
    private static readonly IReadOnlyDictionary<RiskClass, TimeSpan?> s_usual = new Dictionary<RiskClass, TimeSpan?>
    {
        [RiskClass.High] = TimeSpan.FromDays(30),
        [RiskClass.Database] = TimeSpan.FromDays(60),
        [RiskClass.Key] = TimeSpan.FromDays(90),
        [RiskClass.Low] = TimeSpan.FromDays(180),
        [RiskClass.Infrastructure] = TimeSpan.FromDays(365),
    };

    public static ScheduleDefaults BuiltIn { get; } = new(null, false, s_usual, TimeSpan.Zero, [], MissedRun.NextWindow, null);

    /// <summary>These, but for what the map says otherwise. Freezes are added to these.</summary>
    public ScheduleDefaults Over(CatalogMap map, string folder)
    {
        var (isTold, interval, onCompromise) = HowOften.ReadInterval(map, "interval");
        return new ScheduleDefaults(
            isTold ? interval : Interval,
            isTold ? onCompromise : OnCompromise,
            ReadFrequencies(map),
            map.Duration("jitter", allowZero: true) ?? Jitter,
            [.. Freezes, .. ScheduleParts.Freezes(map, folder)],
            map.Choice("missed", CatalogWords.MissedRuns) ?? Missed,
            ScheduleParts.Paused(map) ?? Paused);
    }

    private IReadOnlyDictionary<RiskClass, TimeSpan?> ReadFrequencies(CatalogMap parent)
    {
        if (parent.Map("frequencies", [.. CatalogWords.Risks.Keys]) is not { } map)
        {
            return Frequencies;
        }
        var frequencies = new Dictionary<RiskClass, TimeSpan?>(Frequencies);
        foreach (var (word, risk) in CatalogWords.Risks)
        {
            if (HowOften.ReadInterval(map, word) is (true, var interval, _))
            {
                frequencies[risk] = interval;
            }
        }
        return frequencies;
    }
}
