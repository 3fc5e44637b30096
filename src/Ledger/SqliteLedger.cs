using Rotunda.Files;

namespace Rotunda.Ledger;

/// <summary>The ledger in one SQLite file.</summary>
public sealed class SqliteLedger : SqlLedger
{
    private readonly SqliteOwner _file;

    /// <exception cref="LedgerUnavailableException">It cannot be opened, or a newer release made it.</exception>
    public SqliteLedger(string path, TimeProvider time, CrashPoints crashPoints)
        : base(time, LedgerDialect.Sqlite) =>
        _file = new SqliteOwner(
            path, "ledger", from => LedgerSchema.Upgrade(LedgerDialect.Sqlite, from), LedgerSchema.Version, "", crashPoints,
            (what, inner) => new LedgerUnavailableException(what, inner));

    public override void Dispose() => _file.Dispose();

    /// <summary>For tests: lets the file grow no further, as on a full disk.</summary>
    internal void LimitPages() => _file.LimitPages();

    private protected override Task<T> TransactAsync<T>(Func<LedgerSession, Task<T>> work, CancellationToken cancellationToken) =>
        _file.WriteAsync(connection => Ended(work(new LedgerSession(connection))), cancellationToken);

    private protected override Task<T> ReadAsync<T>(Func<LedgerSession, Task<T>> work, CancellationToken cancellationToken) =>
        _file.ReadAsync(
            connection =>
            {
                connection.Run("BEGIN");
                try
                {
                    return Ended(work(new LedgerSession(connection)));
                }
                finally
                {
                    connection.Run("COMMIT");
                }
            },
            cancellationToken);

    /// <summary>The file's version was checked when it was opened, and nobody else upgrades it meanwhile.</summary>
    private protected override void CheckVersion(string? found)
    {
    }

    /// <summary>SQLite answers before it returns, so work that waits for nothing else has ended.</summary>
    private static T Ended<T>(Task<T> work) =>
        work.IsCompleted
            ? work.GetAwaiter().GetResult()
            : throw new InvalidOperationException("The ledger's work waits for something else than the database.");
}
