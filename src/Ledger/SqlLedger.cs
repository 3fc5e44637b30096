using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Rotunda.Ledger;

/// <summary>
/// The ledger over SQL. What it does is here, once for both databases: secrets, rotations, steps, credentials, audit. What is
/// theirs is how a transaction is run, and <see cref="LedgerDialect"/>.
/// </summary>
public abstract partial class SqlLedger : ILedger, IDisposable
{
    /// <summary>In <c>meta</c>: where the ledger has been moved to; missing or empty while it is in use.</summary>
    internal const string MovedKey = "moved";

    /// <summary>In <c>meta</c>: the one head that works with it, where that is not plain from the place.</summary>
    internal const string HeadKey = "head";

    /// <summary>In <c>meta</c>, of PostgreSQL only: SQLite has a place of its own for it.</summary>
    internal const string VersionKey = "schema_version";

    private readonly TimeProvider _time;
    private readonly string _gate;
    private readonly string _countOn;
    private readonly string? _rowByRow;

    private protected SqlLedger(TimeProvider time, LedgerDialect dialect)
    {
        _time = time;
        _gate = LedgerSql.Gate + dialect.Lock;
        _countOn = dialect.CountOn;
        _rowByRow = dialect.RowByRow;
    }

    public abstract void Dispose();

    public virtual Task CheckAsync(CancellationToken cancellationToken) =>
        WriteAsync<int>(session => session.RunAsync(LedgerSql.SetMeta, ("@key", "checked_at"), ("@value", Now())), cancellationToken);

    /// <summary>
    /// Says which head works with this ledger, at its start. The workers of one head share a task hub, and its name is theirs;
    /// a second hub over the same ledger would run each rotation once more. So would a hub that worked with this ledger before
    /// another head did: it still has orchestrations of that time, asleep, under the ids of today's.
    /// </summary>
    /// <exception cref="LedgerUnavailableException">Another head has it, or another one had it since this one left.</exception>
    public Task ClaimAsync(string head, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                var holder = (string?)await session.ScalarAsync(LedgerSql.GetMeta, ("@key", HeadKey));
                if (holder is { Length: > 0 } && holder != head)
                {
                    throw new LedgerUnavailableException(
                        $"another head works with it ({holder}; this one is {head}). Two heads must not act on the same secrets. If the "
                            + "other one is gone for good, run 'rotunda ledger reopen'.");
                }

                if (holder == head)
                {
                    return;
                }

                if (HasLeft(
                    head,
                    await session.ListAsync(
                        LedgerSql.Moves,
                        row => (Action: row.GetString(0), Detail: row.IsDBNull(1) ? "" : row.GetString(1)))))
                {
                    throw new LedgerUnavailableException(
                        $"this head ({head}) worked with it before, and another one since: its task hub still has orchestrations of that "
                            + "time, which would wake up beside today's. Start with a task hub that was never used: in Azure another name "
                            + "of the hub (RotundaTaskHub), on a machine a new data directory (docs/moving.md).");
                }

                await session.RunAsync(LedgerSql.SetMeta, ("@key", HeadKey), ("@value", head));
                await AppendAsync(session, new AuditEntry(AuditActions.System, AuditActions.LedgerClaimed, null, null, null, head));
            },
            cancellationToken);

    /// <summary>
    /// True if another head has worked with this ledger since <paramref name="head"/> last claimed it: another claim, or two
    /// imports (a move away and back).
    /// </summary>
    private static bool HasLeft(string head, List<(string Action, string Detail)> newestFirst)
    {
        var since = newestFirst.TakeWhile(move => move != (AuditActions.LedgerClaimed, head)).ToList();
        return since.Count < newestFirst.Count && (since.Any(move => move.Action == AuditActions.LedgerClaimed) || since.Count > 1);
    }

    /// <summary>Takes back an export, and lets go of the head that had it. On record.</summary>
    /// <param name="reason">Why it is known that nobody else acts on these secrets.</param>
    public Task ReopenAsync(string actor, string reason, CancellationToken cancellationToken) =>
        TransactAsync(
            async session =>
            {
                CheckVersion((await GateAsync(session)).GetValueOrDefault(VersionKey));
                await session.RunAsync(LedgerSql.SetMeta, ("@key", MovedKey), ("@value", ""));
                await session.RunAsync(LedgerSql.SetMeta, ("@key", HeadKey), ("@value", ""));
                await AppendAsync(session, new AuditEntry(actor, AuditActions.LedgerReopened, null, null, null, reason));
                return true;
            },
            cancellationToken);

    /// <summary>Where it was moved to; null while it is in use.</summary>
    public Task<string?> MovedToAsync(CancellationToken cancellationToken) =>
        ReadAsync(
            async session => await session.ScalarAsync(LedgerSql.GetMeta, ("@key", MovedKey)) is string { Length: > 0 } moved
                ? moved
                : null,
            cancellationToken);

    /// <summary>Runs the work in one transaction that nobody else writes beside, and commits it. All or nothing.</summary>
    private protected abstract Task<T> TransactAsync<T>(Func<LedgerSession, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>Runs the work on one snapshot. It only reads.</summary>
    private protected abstract Task<T> ReadAsync<T>(Func<LedgerSession, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>Throws unless the version is this release's.</summary>
    /// <param name="found">As <see cref="VersionKey"/> has it; null if it is not there.</param>
    private protected abstract void CheckVersion(string? found);

    /// <summary>As <see cref="TransactAsync"/>, after the gate: refused in a ledger that has been moved, or is not of this
    /// release.</summary>
    private protected Task<T> WriteAsync<T>(Func<LedgerSession, Task<T>> work, CancellationToken cancellationToken) =>
        TransactAsync(
            async session =>
            {
                await PassGateAsync(session);
                return await work(session);
            },
            cancellationToken);

    private Task<bool> WriteAsync(Func<LedgerSession, Task> work, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                await work(session);
                return true;
            },
            cancellationToken);

    /// <summary>
    /// The first statement of every write. Where several workers write at once it also makes them queue: it locks the same rows
    /// in the same order and comes before any other lock, so whoever holds it waits for nobody and no deadlock is possible; what
    /// the work reads after it (the chain's head, the fence, the open rotation) is of the newest commit. Rows rather than an
    /// advisory lock, because they are the ledger's own (an advisory lock's number may be another application's in the same
    /// database), and because the lock and the two answers that every write needs then cost one round trip.
    /// </summary>
    private async Task PassGateAsync(LedgerSession session)
    {
        var meta = await GateAsync(session);
        CheckVersion(meta.GetValueOrDefault(VersionKey));
        if (meta.GetValueOrDefault(MovedKey) is { Length: > 0 } moved)
        {
            throw new LedgerUnavailableException(
                $"it was exported and moved away ({moved}), so nothing is written here any more: two heads must not act on the same "
                    + "secrets. If the copy is not used anywhere, open this one again with 'rotunda ledger reopen'.");
        }
    }

    private async Task<Dictionary<string, string>> GateAsync(LedgerSession session) =>
        (await session.ListAsync(_gate, row => (Key: row.GetString(0), Value: row.GetString(1)))).ToDictionary(
            row => row.Key,
            row => row.Value,
            StringComparer.Ordinal);

    private string Now() => LedgerWords.Of(_time.GetUtcNow());

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Json<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);

    private static async Task<RotationRow> RotationAsync(LedgerSession session, string id) =>
        await session.FirstAsync(LedgerSql.GetRotation, LedgerRows.Rotation, ("@id", id))
            ?? throw new InvalidOperationException($"The ledger has no rotation '{id}'.");

    /// <exception cref="FencedException">It is not its secret's newest, or has ended.</exception>
    private static async Task<RotationRow> FencedAsync(LedgerSession session, string id)
    {
        var row = await RotationAsync(session, id);
        new RotationHead(id, row.Record.Secret, row.Record.Number, row.Record.State, row.SecretsLastNumber).PassFence();
        return row;
    }

    private static async Task<RotationHead> HeadAsync(LedgerSession session, string id) =>
        await session.FirstAsync(LedgerSql.GetRotationHead, LedgerRows.Head, ("@id", id))
            ?? throw new InvalidOperationException($"The ledger has no rotation '{id}'.");
}
