namespace Rotunda.Ledger;

/// <summary>Scheduled rotations do not start for a while, because a person said so.</summary>
public sealed record PauseRecord(PauseScope Scope, DateTimeOffset Until, string Reason, string By, DateTimeOffset At);
