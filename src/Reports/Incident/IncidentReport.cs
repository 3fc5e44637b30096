namespace Rotunda.Reports.Incident;

/// <summary>What happened under one incident, from the audit. All times are UTC.</summary>
/// <param name="FirstKnownAt">When the first value of it was reported, or the first rotation asked for.</param>
/// <param name="DeadAt">When the last of its old values was dead; null while one may live.</param>
/// <param name="ExposureSeconds">From the one to the other; null while one may live.</param>
public sealed record IncidentReport(
    string Format,
    int Version,
    string Incident,
    DateTimeOffset? FirstKnownAt,
    DateTimeOffset? DeadAt,
    long? ExposureSeconds,
    IReadOnlyList<Exposure> Exposures,
    IReadOnlyList<IncidentRotation> Rotations,
    IReadOnlyList<IncidentLine> Timeline,
    IReadOnlyList<string> Left,
    long Rows,
    string Head,
    bool ChainIntact);

/// <summary>One old value: from when it was known to others to its death.</summary>
/// <param name="Fingerprint">Salted, so it tells nothing of the value.</param>
/// <param name="Where">Where it was found; empty where nobody reported it, and the rotation itself was asked for.</param>
public sealed record Exposure(
    string Secret,
    string? Fingerprint,
    string Reported,
    IReadOnlyList<string> Where,
    DateTimeOffset From,
    DateTimeOffset? DeadAt,
    long? Seconds);

/// <summary>A rotation of the incident, as the rotation log has it.</summary>
/// <param name="Method">Strategy and trigger.</param>
/// <param name="NextDue">When it is due by its frequency; null on request only.</param>
public sealed record IncidentRotation(
    string Id,
    string Secret,
    string Method,
    string State,
    string RequestedBy,
    string Reason,
    DateTimeOffset StartedAt,
    DateTimeOffset? InUseAt,
    DateTimeOffset? EndedAt,
    IReadOnlyList<string> OldFingerprints,
    string? NewFingerprint,
    IReadOnlyList<string> Verified,
    IReadOnlyList<string> ApprovedBy,
    IReadOnlyList<string> Exceptions,
    DateTimeOffset? NextDue);

/// <param name="Row">In the audit.</param>
public sealed record IncidentLine(long Row, DateTimeOffset At, string Who, string What, string? Secret, string? Rotation, string? Detail);
