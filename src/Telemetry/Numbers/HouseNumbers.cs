using Rotunda.Api.Head;

namespace Rotunda.Telemetry.Numbers;

/// <summary>How Rotunda itself is.</summary>
/// <param name="Parts">Each part with "ok" or a word for what is wrong.</param>
/// <param name="ClockBelieved">False while nothing is revoked for the clock's sake.</param>
/// <param name="CatalogInForce">False where what stands at the catalog's place is not in force.</param>
/// <param name="Jobs">The head's jobs; none in a process that runs none.</param>
public sealed record HouseNumbers(
    IReadOnlyDictionary<string, string> Parts,
    bool ClockBelieved,
    bool CatalogInForce,
    IReadOnlyDictionary<string, JobTime> Jobs);
