namespace Rotunda.Reports.Period;

/// <summary>What auditors are given for a time: every secret with its evidence and its exceptions. All times are UTC.</summary>
/// <param name="Until">Exclusive; or the moment of the last row, where the time is not over.</param>
/// <param name="Rows">Up to which row of the audit it was made.</param>
/// <param name="Head">That row's hash.</param>
public sealed record PeriodReport(
    string Format,
    int Version,
    string Period,
    DateTimeOffset From,
    DateTimeOffset Until,
    long Rows,
    string Head,
    bool ChainIntact,
    PeriodTotals Totals,
    IReadOnlyList<Control> Controls,
    IReadOnlyList<SecretEvidence> Secrets);

/// <param name="WithinFrequency">Secrets whose value in use at the end is not older than their frequency allows.</param>
/// <param name="Overdue">Those whose value is.</param>
/// <param name="WithoutFrequency">Those that rotate on request only.</param>
public sealed record PeriodTotals(
    int Secrets,
    int WithinFrequency,
    int Overdue,
    int WithoutFrequency,
    int Within90Days,
    int RotationsStarted,
    int RotationsSucceeded,
    int RotationsNotSucceeded,
    int Emergencies,
    int Leaks,
    int LeaksDead,
    int Orphans,
    int SecretsWithExceptions,
    long AuditRows);

/// <summary>What a framework asks for, and how many secrets or events meet it.</summary>
/// <param name="Measure">What was counted.</param>
public sealed record Control(string Framework, string Id, string Asks, string Measure, int Met, int Of);

/// <summary>The evidence of one secret.</summary>
/// <param name="Frequency">As the catalog has it: days, a cron expression, or "on request".</param>
/// <param name="FrequencyDays">Null where it is no number of days.</param>
/// <param name="InUseSince">Since when the value that was in use at the end is in use.</param>
/// <param name="AgeDays">Whole days, at the end.</param>
/// <param name="WithinFrequency">Null where there is no frequency, or nothing is known.</param>
/// <param name="InCatalog">False for one that has left it.</param>
public sealed record SecretEvidence(
    string Name,
    string? Owner,
    string? Provider,
    string? Strategy,
    bool InCatalog,
    string Frequency,
    double? FrequencyDays,
    DateTimeOffset? AdoptedAt,
    DateTimeOffset? InUseSince,
    int? AgeDays,
    bool? WithinFrequency,
    IReadOnlyList<RotationEvidence> Rotations,
    IReadOnlyList<string> Exceptions);

/// <param name="FirstRow">Its first row in the audit.</param>
/// <param name="PlanHash">Of the plan that was shown, approved and run.</param>
public sealed record RotationEvidence(
    string Id,
    string Strategy,
    string Trigger,
    string State,
    string RequestedBy,
    string? Incident,
    DateTimeOffset StartedAt,
    DateTimeOffset? InUseAt,
    DateTimeOffset? EndedAt,
    string? NewFingerprint,
    IReadOnlyList<string> RevokedFingerprints,
    IReadOnlyList<string> ApprovedBy,
    IReadOnlyList<string> Verified,
    string PlanHash,
    long FirstRow,
    long LastRow);
