namespace Rotunda.Ledger;

/// <summary>What the ledger keeps of the clock by which it is written: grace periods go by it, so its jumps are on record.</summary>
public interface IClockLedger
{
    /// <summary>As <see cref="WriteClockAsync"/> kept it; empty if it never did.</summary>
    Task<ClockRecord> ReadClockAsync(CancellationToken cancellationToken);

    /// <summary>Keeps what is believed of the clock now.</summary>
    /// <param name="jump">How far the wall clock has just jumped against the monotonic one; null if it did not.</param>
    /// <param name="entry">What goes on record with it; null for nothing.</param>
    Task WriteClockAsync(ClockRecord record, TimeSpan? jump, AuditEntry? entry, CancellationToken cancellationToken);

    /// <summary>The sum of all jumps that were noticed after that row of the audit.</summary>
    Task<TimeSpan> JumpedSinceAsync(long sequence, CancellationToken cancellationToken);

    /// <summary>The time of the newest row of the audit; null in an empty one.</summary>
    Task<DateTimeOffset?> NewestEntryAsync(CancellationToken cancellationToken);

    /// <summary>The time by the database server's own clock; null where the ledger is a file on this machine.</summary>
    Task<DateTimeOffset?> DatabaseTimeAsync(CancellationToken cancellationToken);
}

/// <param name="Believed">The last time that was believed.</param>
/// <param name="Doubt">Why the clock is not believed now; null if it is.</param>
/// <param name="Confirmations">How often a person has said that the clock is right.</param>
public sealed record ClockRecord(DateTimeOffset? Believed, ClockDoubt? Doubt, int Confirmations = 0);

/// <param name="Since">By the clock that is not believed.</param>
/// <param name="Why">For people.</param>
/// <param name="AheadSeconds">The sum of the jumps since; null where nobody knows by how much it is wrong.</param>
public sealed record ClockDoubt(DateTimeOffset Since, string Why, double? AheadSeconds);
