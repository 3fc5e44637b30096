namespace Rotunda.Ledger;

/// <summary>What the ledger keeps of pauses that people order. Each change is one transaction, with its row in the audit.</summary>
public interface IPauseLedger
{
    /// <summary>Begins one, in the place of one of the same scope that is in force.</summary>
    Task<PauseRecord> PauseAsync(
        PauseScope scope, DateTimeOffset until, string reason, string actor, CancellationToken cancellationToken);

    /// <summary>Ends one before its time.</summary>
    /// <returns>The one that was in force; null if none of exactly this scope was.</returns>
    Task<PauseRecord?> ResumeAsync(PauseScope scope, string reason, string actor, CancellationToken cancellationToken);

    /// <summary>Those in force, oldest first.</summary>
    Task<IReadOnlyList<PauseRecord>> ListPausesAsync(CancellationToken cancellationToken);
}
