using Rotunda.Campaigns.Views;

namespace Rotunda.Api.Views;

/// <summary>What others may know, and what still works of it. Bounded.</summary>
/// <param name="Secrets">The first ones: leaks before other emergencies, the newest of each first.</param>
/// <param name="Count">How many there are, at most <see cref="Most"/>.</param>
/// <param name="Campaigns">Those that have not ended, newest first.</param>
public sealed record HomeExposure(IReadOnlyList<ExposedSecret> Secrets, int Count, IReadOnlyList<CampaignSummary> Campaigns)
{
    /// <summary>As many are counted; no more.</summary>
    public const int Most = 1000;
}

/// <summary>A value that may be known to others and works.</summary>
/// <param name="State">A leak's: "rotating", "ending", "asked", "waiting" or "given-up"; of an emergency without a leak "rotating"
/// or "asked".</param>
/// <param name="IsReplaced">True once the new value is in use, so that only the old one has to end.</param>
/// <param name="Why">Where it was found; of an emergency without a leak the reason that was given.</param>
/// <param name="Since">Since when it is known here.</param>
/// <param name="Leak">Its number; null for an emergency without a leak.</param>
/// <param name="RotationId">What ends it; null while nothing does.</param>
public sealed record ExposedSecret(
    string Secret, string State, bool IsReplaced, string Why, DateTimeOffset Since, string? Incident, long? Leak, string? RotationId);
