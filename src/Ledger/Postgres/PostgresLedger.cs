using System.Data;
using System.Globalization;
using Npgsql;
using Rotunda.Files;

namespace Rotunda.Ledger.Postgres;

/// <summary>
/// The ledger in a schema of a PostgreSQL database, for heads of several workers. Needs only the rights that
/// <see cref="PostgresLedgerSchema"/> grants: it changes no table's shape and no audit row.
/// </summary>
public sealed class PostgresLedger : SqlLedger
{
    /// <summary>The server's own clock, as the ledger writes times.</summary>
    private const string Now = "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US') || '0Z'";

    private readonly PostgresLedgerConnection _connection;
    private readonly CrashPoints _crashPoints;
    private readonly NpgsqlDataSource _source;
    private volatile bool _rightsSeen;

    /// <summary>Connects to nothing yet; <see cref="CheckAsync"/> does.</summary>
    /// <exception cref="LedgerUnavailableException">The connection string cannot be used.</exception>
    public PostgresLedger(PostgresLedgerOptions options, TimeProvider time, CrashPoints crashPoints)
        : base(time, LedgerDialect.Postgres)
    {
        _connection = PostgresLedgerConnection.Read(options);
        _crashPoints = crashPoints;
        _source = _connection.Open(time);
    }

    /// <summary>Also, once, that the login has every right it needs: a right that is missing would show only in the middle of a
    /// rotation.</summary>
    public override async Task CheckAsync(CancellationToken cancellationToken)
    {
        await base.CheckAsync(cancellationToken);
        if (!_rightsSeen)
        {
            var missing = await ReadAsync(PostgresRights.MissingAsync, cancellationToken);
            _rightsSeen = missing.Count == 0
                ? true
                : throw new LedgerUnavailableException(
                    $"the role {_connection.User} lacks rights on it: {string.Join(", ", missing)}. Run 'rotunda ledger migrate --grant "
                        + $"{_connection.User}' with the login of the schema's owner.");
        }
    }

    /// <summary>True if the login owns the audit or was granted to change it: then only the trigger keeps it append-only.</summary>
    public Task<bool> MayChangeAuditAsync(CancellationToken cancellationToken) =>
        ReadAsync(PostgresRights.MayChangeAuditAsync, cancellationToken);

    public override Task<DateTimeOffset?> DatabaseTimeAsync(CancellationToken cancellationToken) =>
        ReadAsync<DateTimeOffset?>(
            async session => LedgerWords.Time((string)(await session.ScalarAsync(Now))!),
            cancellationToken);

    public override void Dispose() => _source.Dispose();

    private protected override Task<T> TransactAsync<T>(Func<LedgerSession, Task<T>> work, CancellationToken cancellationToken) =>
        GuardAsync(
            async () =>
            {
                await using var connection = await _source.OpenConnectionAsync(cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
                var result = await work(new LedgerSession(connection, transaction, _connection.Prelude, cancellationToken));
                _crashPoints.Hit("ledger.commit.before");
                // Not to be given up on half way: nobody would know whether it took place.
                await transaction.CommitAsync(CancellationToken.None);
                _crashPoints.Hit("ledger.commit.after");
                return result;
            },
            cancellationToken);

    private protected override Task<T> ReadAsync<T>(Func<LedgerSession, Task<T>> work, CancellationToken cancellationToken) =>
        GuardAsync(
            async () =>
            {
                await using var connection = await _source.OpenConnectionAsync(cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
                var result = await work(new LedgerSession(connection, transaction, _connection.Prelude, cancellationToken));
                await transaction.CommitAsync(cancellationToken);
                return result;
            },
            cancellationToken);

    private protected override void CheckVersion(string? found)
    {
        var version = int.TryParse(found, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        if (version != LedgerSchema.Version)
        {
            throw PostgresLedgerFailures.WrongVersion(_connection, version);
        }
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && PostgresLedgerFailures.Why(exception, _connection) is { } why)
        {
            throw new LedgerUnavailableException(why, exception);
        }
    }
}
