namespace Rotunda.Ledger;

/// <summary>
/// The audit rows of rotations that were read lately: each step reads what its rotation has done so far, and the drift sweep what the last
/// one of each secret did. Rows are only ever added, and each one's hash covers all before it: where the newest known row still stands in
/// the ledger with its hash, so do the others.
/// </summary>
internal sealed class KnownTrails
{
    /// <summary>Rows; twice as many are held at most. A row has about 1 kB.</summary>
    private const int Some = 8_192;

    private readonly Lock _gate = new();
    private Dictionary<string, IReadOnlyList<AuditRow>> _young = new(StringComparer.Ordinal), _old = new(StringComparer.Ordinal);
    private int _rows;

    /// <summary>Oldest first; empty if none is known.</summary>
    public IReadOnlyList<AuditRow> Of(string rotationId)
    {
        lock (_gate)
        {
            return _young.GetValueOrDefault(rotationId) ?? _old.GetValueOrDefault(rotationId) ?? [];
        }
    }

    /// <summary>Those that were not asked for since half of all were new are forgotten.</summary>
    /// <param name="rows">All of the rotation, oldest first.</param>
    public void Keep(string rotationId, IReadOnlyList<AuditRow> rows)
    {
        if (rows.Count == 0)
        {
            // Nothing to know, and ids that nobody has could be asked for without end.
            return;
        }

        lock (_gate)
        {
            _rows += rows.Count - (_young.GetValueOrDefault(rotationId)?.Count ?? 0);
            _young[rotationId] = rows;
            if (_rows > Some)
            {
                (_old, _young, _rows) = (_young, new(StringComparer.Ordinal), 0);
            }
        }
    }
}
