namespace Rotunda.Reports.Folding;

/// <summary>What the audit tells of one leaked credential.</summary>
internal sealed class LeakStory
{
    public required long Credential { get; init; }

    public required string Secret { get; init; }

    public string? Fingerprint { get; init; }

    /// <summary>The credential's state when it was found.</summary>
    public required string State { get; init; }

    public required string Incident { get; init; }

    public required DateTimeOffset FoundAt { get; init; }

    public required string ReportedBy { get; init; }

    public SortedSet<string> Where { get; } = new(StringComparer.Ordinal);

    public DateTimeOffset? DeadAt { get; set; }
}
