namespace Rotunda.Api.Views;

/// <summary>What a person looks at first. Bounded, however many secrets there are.</summary>
/// <param name="Needs">Secrets that need a person, what is exposed first, then the most urgent; the first ones only.</param>
/// <param name="Running">Secrets whose rotation goes on by itself; the newest ones only.</param>
/// <param name="Clock">Why the clock is not believed, so that nothing is revoked; null while it is.</param>
public sealed record HomeView(
    DateTimeOffset At,
    IReadOnlyList<SecretSummary> Needs,
    IReadOnlyList<SecretSummary> Running,
    string? Clock)
{
    /// <summary>Why what stands at the catalog's place is not in force, so that the last good one is; null if it is.</summary>
    public string? Catalog { get; init; }

    /// <summary>Null while very many secrets are counted for the first time: ask again.</summary>
    public HomeCounts? Counts { get; init; }

    /// <summary>What others may know, and still works.</summary>
    public required HomeExposure Exposure { get; init; }

    /// <summary>The next runs by schedule, earliest first.</summary>
    public IReadOnlyList<CalendarRun> Coming { get; init; } = [];
}
