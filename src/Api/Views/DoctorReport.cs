namespace Rotunda.Api.Views;

/// <summary>The whole catalog's preflight.</summary>
/// <param name="At">When the look ended.</param>
/// <param name="Secrets">How many were looked at.</param>
/// <param name="Healthy">No problem was found; warnings may have been.</param>
/// <param name="Findings">Problems first.</param>
public sealed record DoctorReport(
    DateTimeOffset At,
    int Secrets,
    bool Healthy,
    string CatalogHash,
    IReadOnlyList<DoctorFinding> Findings);
