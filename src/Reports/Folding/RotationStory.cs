namespace Rotunda.Reports.Folding;

/// <summary>What the audit tells of one rotation.</summary>
internal sealed class RotationStory
{
    public required string Id { get; init; }

    public required string Secret { get; set; }

    public required int Number { get; init; }

    public required string Strategy { get; init; }

    public required string Trigger { get; init; }

    public required string Reason { get; init; }

    public required string RequestedBy { get; init; }

    public string? Incident { get; init; }

    public required string PlanHash { get; init; }

    public required DateTimeOffset PlannedAt { get; init; }

    public required long FirstRow { get; init; }

    public long LastRow { get; set; }

    /// <summary>"succeeded", "rolled-back", "rejected", "cancelled", "superseded"; "open" before its end.</summary>
    public string State { get; set; } = "open";

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Since when its new credential is in use.</summary>
    public DateTimeOffset? PromotedAt { get; set; }

    public string? NewFingerprint { get; set; }

    /// <summary>What was in use when it was planned; null where that is as the secret was adopted with.</summary>
    public ValueInUse? Before { get; init; }

    /// <summary>What it made itself, by the ledger's id: to revoke this on the way back ends no old value.</summary>
    public HashSet<long> Made { get; } = [];

    /// <summary>Old credentials that it revoked, by the ledger's id.</summary>
    public List<(long Credential, string? Fingerprint, DateTimeOffset At)> Revoked { get; } = [];

    public SortedSet<string> ApprovedBy { get; } = new(StringComparer.Ordinal);

    /// <summary>Steps that looked whether the new value works, with what they did.</summary>
    public List<(string Title, DateTimeOffset At)> Verified { get; } = [];

    /// <summary>What went otherwise than usual, in words.</summary>
    public List<string> Exceptions { get; } = [];
}
