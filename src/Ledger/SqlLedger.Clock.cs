using System.Globalization;
using System.Text.Json;

namespace Rotunda.Ledger;

public abstract partial class SqlLedger
{
    private const string ClockKey = "clock";
    private const string JumpSeconds = "seconds";

    public Task<ClockRecord> ReadClockAsync(CancellationToken cancellationToken) =>
        ReadAsync(
            async session => await session.ScalarAsync(LedgerSql.GetMeta, ("@key", ClockKey)) is string { Length: > 0 } text
                ? JsonSerializer.Deserialize(text, LedgerJson.Default.ClockRecord)!
                : new ClockRecord(null, null),
            cancellationToken);

    public Task WriteClockAsync(ClockRecord record, TimeSpan? jump, AuditEntry? entry, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                await session.RunAsync(
                    LedgerSql.SetMeta, ("@key", ClockKey), ("@value", Json(record, LedgerJson.Default.ClockRecord)));
                if (jump is { } by)
                {
                    var detail = new Dictionary<string, string>
                    {
                        [JumpSeconds] = by.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture),
                    };
                    await AppendAsync(session, new AuditEntry(
                        AuditActions.System,
                        AuditActions.ClockJumped,
                        null,
                        null,
                        null,
                        Json(detail, LedgerJson.Default.DictionaryStringString)));
                }

                if (entry is not null)
                {
                    await AppendAsync(session, entry);
                }
            },
            cancellationToken);

    public Task<TimeSpan> JumpedSinceAsync(long sequence, CancellationToken cancellationToken) =>
        ReadAsync(
            async session =>
            {
                var jumps = await session.ListAsync(
                    LedgerSql.AuditOfAction, LedgerRows.Audit, ("@after", sequence), ("@action", AuditActions.ClockJumped));
                return TimeSpan.FromSeconds(jumps.Sum(JumpOf));
            },
            cancellationToken);

    public Task<DateTimeOffset?> NewestEntryAsync(CancellationToken cancellationToken) =>
        ReadAsync(async session => (await session.FirstAsync(LedgerSql.NewestAudit, LedgerRows.Audit))?.At, cancellationToken);

    public virtual Task<DateTimeOffset?> DatabaseTimeAsync(CancellationToken cancellationToken) =>
        Task.FromResult<DateTimeOffset?>(null);

    private static double JumpOf(AuditRow row) =>
        row.Detail is { } text
        && JsonSerializer.Deserialize(text, LedgerJson.Default.DictionaryStringString)?.GetValueOrDefault(JumpSeconds) is { } seconds
            ? double.Parse(seconds, CultureInfo.InvariantCulture)
            : 0;
}
