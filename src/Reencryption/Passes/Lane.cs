namespace Rotunda.Reencryption.Passes;

/// <summary>A range of a table's keys, which one connection at a time works through in order of the keys.</summary>
/// <param name="Table">The table's number.</param>
/// <param name="Number">The lane's, within the table.</param>
/// <param name="Lower">Exclusive; null from the first key on.</param>
/// <param name="UpTo">Inclusive; null to the last key, whatever is inserted meanwhile.</param>
internal sealed record Lane(int Table, int Number, string? Lower, string? UpTo)
{
    /// <summary>The number of the lane for rows that are left as they are.</summary>
    public const int LeftOut = -1;

    /// <summary>The last key that is done; null before the first.</summary>
    public string? After { get; set; } = Lower;

    /// <summary>How many rows are done.</summary>
    public long Rows { get; set; }

    /// <summary>How many of them had to be written.</summary>
    public long Moved { get; set; }

    public bool Done { get; set; }

    /// <summary>How often the range has been worked through before: a pass goes on until it finds nothing more to write.</summary>
    public int Round { get; set; }

    /// <summary>It goes through the rows that are left as they are, which a rehearsal looks at too.</summary>
    public bool IsOfLeftOut => Number == LeftOut;

    public bool IsFresh => Rows == 0 && !Done && After == Lower;
}
