namespace Rotunda.Testing.EngineFaults;

/// <summary>What goes wrong below SQLite.</summary>
public enum DiskFault
{
    /// <summary>Half of the bytes arrive, and the write is reported as failed.</summary>
    ShortWrite,

    /// <summary>ENOSPC on a write.</summary>
    Full,

    /// <summary>EIO on a write; nothing arrives.</summary>
    WriteError,

    /// <summary>EIO on an fsync.</summary>
    SyncError,

    /// <summary>EIO on a read.</summary>
    ReadError,

    /// <summary>A lock is held by someone else.</summary>
    Busy,
}

/// <summary>
/// The fault of one file (and its log): operations of its kind are counted, the first ones succeed, and then one fails or
/// all do.
/// </summary>
/// <param name="path">The database; its -wal belongs to it.</param>
/// <param name="succeeding">How many operations go well.</param>
/// <param name="lasting">All from then on fail, not one only.</param>
public sealed class DiskFaultPlan(string path, DiskFault fault, int succeeding, bool lasting)
{
    private int _seen;
    private int _struck;

    public DiskFault Fault => fault;

    /// <summary>How many operations failed.</summary>
    public int Struck => Volatile.Read(ref _struck);

    public bool Covers(string file) => file == path || file == path + "-wal" || file == path + "-journal";

    /// <returns>True if this operation must fail.</returns>
    public bool Strikes(params ReadOnlySpan<DiskFault> kinds)
    {
        if (!kinds.Contains(fault))
        {
            return false;
        }

        var n = Interlocked.Increment(ref _seen);
        var strikes = lasting ? n > succeeding : n == succeeding + 1;
        if (strikes)
        {
            Interlocked.Increment(ref _struck);
        }

        return strikes;
    }
}
