namespace Rotunda.Activities.Orphans;

/// <summary>Input of the orchestration that revokes an orphan, and of its one activity.</summary>
/// <param name="Id">The ledger's.</param>
public sealed record OrphanSettling(long Id, string Actor, string Reason);
