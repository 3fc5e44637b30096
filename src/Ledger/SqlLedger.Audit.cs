using System.Globalization;

namespace Rotunda.Ledger;

public abstract partial class SqlLedger
{
    private const string ChainHeadKey = "audit_head";
    private const int PageSize = 2000;
    private readonly KnownTrails _trails = new();

    public Task AuditAsync(AuditEntry entry, CancellationToken cancellationToken) =>
        WriteAsync(session => AppendAsync(session, entry), cancellationToken);

    public Task<long> LastAuditAsync(CancellationToken cancellationToken) =>
        ReadAsync(async session => (long?)await session.ScalarAsync(LedgerSql.LastAudit) ?? 0, cancellationToken);

    public Task<AuditRow?> LastNoticeAsync(string? secret, string action, string key, CancellationToken cancellationToken) =>
        ReadAsync(
            session => session.FirstAsync(
                LedgerSql.LastNotice(secret is not null), LedgerRows.Audit, ("@secret", secret), ("@action", action), ("@key", key)),
            cancellationToken);

    public Task<IReadOnlyList<AuditRow>> ReadAuditAsync(AuditFilter filter, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<AuditRow>>(
            async session =>
            {
                return await session.ListAsync(
                    SqlOf(filter),
                    LedgerRows.Audit,
                    ("@after", filter.AfterSequence),
                    ("@before", filter.BeforeSequence),
                    ("@secret", filter.Secret),
                    ("@rotation", filter.RotationId),
                    ("@limit", filter.Limit));
            },
            cancellationToken);

    public async Task<IReadOnlyList<AuditRow>> ReadRotationAsync(string rotationId, CancellationToken cancellationToken)
    {
        var known = _trails.Of(rotationId);
        var rows = await ReadAsync(
            async session =>
            {
                if (known is not [.., var last])
                {
                    return await TrailAsync(session, rotationId, after: 0);
                }

                // Another row, or none: another database stands there now, such as one that was restored.
                return await TrailAsync(session, rotationId, last.Sequence - 1) is [var same, .. var added] && same.Hash == last.Hash
                    ? added.Count == 0 ? known : [.. known, .. added]
                    : await TrailAsync(session, rotationId, after: 0);
            },
            cancellationToken);
        _trails.Keep(rotationId, rows);
        return rows;
    }

    private static Task<List<AuditRow>> TrailAsync(LedgerSession session, string rotationId, long after) => session.ListAsync(
        LedgerSql.ReadAuditOfRotation,
        LedgerRows.Audit,
        ("@rotation", rotationId),
        ("@after", after),
        ("@secret", LedgerValue.None),
        ("@limit", long.MaxValue));

    private static string SqlOf(AuditFilter filter) => filter switch
    {
        { BeforeSequence: not null } => LedgerSql.ReadAuditBefore(filter),
        { RotationId: not null } => LedgerSql.ReadAuditOfRotation,
        { Secret: not null } => LedgerSql.ReadAuditOfSecret,
        _ => LedgerSql.ReadAudit,
    };

    public async Task<AuditVerification> VerifyAuditAsync(CancellationToken cancellationToken)
    {
        // The head as it is at the beginning: rows may be appended meanwhile.
        var head = await ReadAsync(
            async session => (string?)await session.ScalarAsync(LedgerSql.GetMeta, ("@key", ChainHeadKey)),
            cancellationToken);
        return await VerifyAsync(
            head,
            after =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return ReadAsync(session => PageAsync(session, after), cancellationToken);
            });
    }

    /// <param name="head">The newest row on record; null if none is.</param>
    /// <param name="read">The page after a row.</param>
    private static async Task<AuditVerification> VerifyAsync(string? head, Func<long, Task<List<(AuditRow Row, string At)>>> read)
    {
        var (sequence, previous) = (0L, AuditChain.Genesis);
        var headSeen = head is null;
        while (true)
        {
            var page = await read(sequence);
            foreach (var (row, at) in page)
            {
                if (Problem(row, at, sequence + 1, previous) is { } problem)
                {
                    return new AuditVerification(false, sequence, previous, row.Sequence, problem);
                }

                (sequence, previous) = (row.Sequence, row.Hash);
                headSeen |= head == HeadOf(sequence, previous);
            }

            if (page.Count < PageSize)
            {
                return headSeen
                    ? new AuditVerification(true, sequence, previous, null, null)
                    : new AuditVerification(
                        false,
                        sequence,
                        previous,
                        sequence + 1,
                        "Rows are missing at the end: the newest row on record is not there.");
            }
        }
    }

    private static Task<List<(AuditRow Row, string At)>> PageAsync(LedgerSession session, long after) =>
        session.ListAsync(
            LedgerSql.ReadAudit,
            reader => (LedgerRows.Audit(reader, out var at), at),
            ("@after", after), ("@secret", LedgerValue.None), ("@rotation", LedgerValue.None), ("@limit", PageSize));

    private static string? Problem(AuditRow row, string at, long expected, string previous) =>
        row.Sequence != expected ? $"Row {expected} is missing."
        : row.PreviousHash != previous ? $"Row {row.Sequence} does not follow the row before it."
        : row.Hash != AuditChain.HashOf(row, at) ? $"Row {row.Sequence} was changed after it was written."
        : null;

    private async Task AppendAsync(LedgerSession session, AuditEntry entry)
    {
        var head = await session.FirstAsync(LedgerSql.AuditHead, row => new ChainHead(row.GetInt64(0), row.GetString(1)));
        var at = Now();
        var row = new AuditRow(
            (head?.Sequence ?? 0) + 1, default, entry.Actor, entry.Action, entry.Secret, entry.RotationId, entry.StepId, entry.Detail,
            head?.Hash ?? AuditChain.Genesis, "");
        var hash = AuditChain.HashOf(row, at);
        await session.RunAsync(
            LedgerSql.AddAudit,
            ("@seq", row.Sequence),
            ("@at", at),
            ("@actor", row.Actor),
            ("@action", row.Action),
            ("@secret", row.Secret),
            ("@rotation", row.RotationId),
            ("@step", row.StepId), ("@detail", row.Detail), ("@previous", row.PreviousHash), ("@hash", hash));
        await session.RunAsync(LedgerSql.SetMeta, ("@key", ChainHeadKey), ("@value", HeadOf(row.Sequence, hash)));
    }

    private static string HeadOf(long sequence, string hash) => string.Create(CultureInfo.InvariantCulture, $"{sequence}:{hash}");
}
