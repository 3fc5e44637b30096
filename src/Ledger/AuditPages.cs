namespace Rotunda.Ledger;

/// <summary>Reads the audit page by page.</summary>
public static class AuditPages
{
    private const int PageSize = 1_000;

    /// <summary>All rows of one rotation, oldest first, however many there are.</summary>
    public static async Task<IReadOnlyList<AuditRow>> ReadRotationAsync(
        this ILedger ledger,
        string rotationId,
        CancellationToken cancellationToken)
    {
        var rows = new List<AuditRow>();
        while (true)
        {
            var page = await ledger.ReadAuditAsync(
                new AuditFilter(rows.Count == 0 ? 0 : rows[^1].Sequence, RotationId: rotationId, Limit: PageSize),
                cancellationToken);
            rows.AddRange(page);
            if (page.Count < PageSize)
            {
                return rows;
            }
        }
    }
}
