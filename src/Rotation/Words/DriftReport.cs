using System.Text.Json.Serialization;

namespace Rotunda.Rotation.Words;

/// <summary>What a look at everything that should hold a secret's value found. Kept in the ledger, so that nobody has to ask the
/// targets again to know it.</summary>
public sealed record DriftReport(DateTimeOffset LookedAt, IReadOnlyList<DriftFinding> Findings)
{
    /// <summary>Where the value in use is not what it should be.</summary>
    [JsonIgnore]
    public IReadOnlyList<DriftFinding> Drifted => [.. Findings.Where(finding => finding.IsDrift)];
}

/// <summary>What was found at one place.</summary>
/// <param name="Place">The target's name; <see cref="AtProvider"/> for the secret's own provider.</param>
/// <param name="Detail">For people; never a value.</param>
/// <param name="Since">When it was first found so.</param>
public sealed record DriftFinding(string Place, Standing Standing, string? Detail, DateTimeOffset Since)
{
    /// <summary>No target is named like this: names have no colon.</summary>
    public const string AtProvider = "provider:";

    [JsonIgnore]
    public bool IsDrift => Standing is Standing.Differs or Standing.Missing;
}
