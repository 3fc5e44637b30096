namespace Rotunda.Leaks.Views;

/// <summary>A value that a person found.</summary>
/// <param name="Where">Where it was found, for the record: never the value.</param>
public sealed record LeakBody(string Value, string? Where = null);

/// <summary>What is known of one value that was reported.</summary>
/// <param name="Where">Where it was found, as it was told.</param>
/// <param name="Answer">"current", "pending", "previous", "revoking", "orphan", "handed-over", "dead" or "unknown".</param>
/// <param name="Message">What it means, and what happens next.</param>
/// <param name="Leak">By which its end is asked for; null for one that is dead or unknown.</param>
/// <param name="DeadSince">Since when it works no more; null while it may work, or where nothing tells.</param>
public sealed record LeakAnswer(
    string Where,
    string Answer,
    string Message,
    string? Secret = null,
    string? Fingerprint = null,
    long? Leak = null,
    string? Incident = null,
    DateTimeOffset? DeadSince = null);

public sealed record LeakReport(IReadOnlyList<LeakAnswer> Answers);

/// <summary>How a leak stands.</summary>
/// <param name="State">"rotating", "ending", "asked", "waiting", "dead" or "given-up".</param>
/// <param name="RotationId">The rotation that ends it; null for none.</param>
/// <param name="DeadAt">Null until it is dead.</param>
public sealed record LeakView(
    long Leak,
    string Secret,
    string State,
    string Message,
    string Where,
    string Incident,
    string ReportedBy,
    DateTimeOffset FoundAt,
    string? RotationId = null,
    DateTimeOffset? DeadAt = null);

public sealed record LeakList(IReadOnlyList<LeakView> Leaks);

/// <summary>What an alert of GitHub led to.</summary>
public sealed record AlertView(string Message);
