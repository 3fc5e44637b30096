namespace Rotunda.Ledger;

public abstract partial class SqlLedger
{
    public Task<IReadOnlyList<KnownFingerprint>> ListFingerprintsAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<KnownFingerprint>>(
            async session => await session.ListAsync(
                LedgerSql.ListFingerprints,
                row => new KnownFingerprint(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetString(3))),
            cancellationToken);
}
