using System.Data.Common;

namespace Rotunda.Ledger;

public abstract partial class SqlLedger
{
    public Task<PauseRecord> PauseAsync(
        PauseScope scope, DateTimeOffset until, string reason, string actor, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                await session.RunAsync(LedgerSql.EndPause, [.. Of(scope), ("@at", Now())]);
                var pause = new PauseRecord(scope, until.ToUniversalTime(), reason, actor, LedgerWords.Time(Now()));
                await session.RunAsync(
                    LedgerSql.AddPause,
                    [
                        .. Of(scope), ("@until", LedgerWords.Of(pause.Until)), ("@reason", reason), ("@by", actor),
                        ("@at", LedgerWords.Of(pause.At)),
                    ]);
                await AppendAsync(
                    session, Entry(AuditActions.SchedulePaused, pause, actor, $"until {LedgerWords.Of(pause.Until)}: {reason}"));
                return pause;
            },
            cancellationToken);

    public Task<PauseRecord?> ResumeAsync(PauseScope scope, string reason, string actor, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                if ((await PausesAsync(session)).Find(pause => pause.Scope == scope) is not { } pause)
                {
                    return null;
                }

                await session.RunAsync(LedgerSql.EndPause, [.. Of(scope), ("@at", Now())]);
                await AppendAsync(session, Entry(AuditActions.ScheduleResumed, pause, actor, reason));
                return pause;
            },
            cancellationToken);

    public Task<IReadOnlyList<PauseRecord>> ListPausesAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<PauseRecord>>(async session => await PausesAsync(session), cancellationToken);

    private Task<List<PauseRecord>> PausesAsync(LedgerSession session) =>
        session.ListAsync(LedgerSql.ListPauses, Pause, ("@now", Now()));

    private static AuditEntry Entry(string action, PauseRecord pause, string actor, string detail) => new(
        actor, action, pause.Scope.Kind == PauseScope.Secret ? pause.Scope.Name : null, null, null, $"{pause.Scope}: {detail}");

    private static (string, LedgerValue)[] Of(PauseScope scope) => [("@scope", scope.Kind), ("@name", scope.Name ?? "")];

    private static PauseRecord Pause(DbDataReader row) => new(
        new PauseScope(row.GetString(0), row.GetString(1) is { Length: > 0 } name ? name : null), LedgerWords.Time(row.GetString(2)),
        row.GetString(3), row.GetString(4), LedgerWords.Time(row.GetString(5)));
}
