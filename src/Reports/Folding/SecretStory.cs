namespace Rotunda.Reports.Folding;

/// <summary>What the audit tells of one secret.</summary>
internal sealed class SecretStory(string name)
{
    public string Name { get; set; } = name;

    public DateTimeOffset? AdoptedAt { get; set; }

    /// <summary>When each value came into use by a rotation, in order; one that was taken back is not among them.</summary>
    public List<ValueInUse> InUse { get; } = [];

    /// <summary>When what was in use at its adoption was revoked; null while nobody knows of it.</summary>
    public DateTimeOffset? AdoptedDeadAt { get; set; }

    /// <summary>Credentials that rotations made, by the ledger's id; all others were there before.</summary>
    public HashSet<long> Made { get; } = [];

    /// <summary>Those that were open in the time, or ended in it.</summary>
    public List<RotationStory> Rotations { get; } = [];

    public List<string> Exceptions { get; } = [];

    /// <summary>Credentials that only a person can settle.</summary>
    public HashSet<long> Orphans { get; } = [];

    /// <summary>Since when the value in use is in use; its adoption before any rotation.</summary>
    public DateTimeOffset? Since => InUse.Count > 0 ? InUse[^1].At : AdoptedAt;
}

/// <param name="Credential">The ledger's id.</param>
internal sealed record ValueInUse(DateTimeOffset At, string Rotation, long? Credential, string? Fingerprint);
