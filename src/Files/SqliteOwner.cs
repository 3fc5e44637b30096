using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Rotunda.Files;

/// <summary>
/// One SQLite file with one writer behind a lock (who comes in the <see cref="FastLane"/> goes first) and readers on connections of their
/// own. A write is one transaction, with
/// the crash points "{name}.commit.before" and "{name}.commit.after" around its commit.
/// </summary>
public sealed class SqliteOwner : IDisposable
{
    private readonly string _path;
    private readonly string _name;
    private readonly CrashPoints _crashPoints;
    private readonly Func<string, Exception, Exception> _unavailable;
    private readonly SqliteConnection _writer;
    private readonly LaneGate _writing = new();
    private readonly ConcurrentBag<SqliteConnection> _readers = [];

    /// <param name="name">Of the crash points.</param>
    /// <param name="upgrade">The statements that bring a version to the next; 0 is an empty file.</param>
    /// <param name="version">This release's.</param>
    /// <param name="pragmas">Run on each connection.</param>
    /// <param name="unavailable">Makes the owner's exception out of what is wrong and what to do.</param>
    public SqliteOwner(
        string path,
        string name,
        Func<int, string> upgrade,
        int version,
        string pragmas,
        CrashPoints crashPoints,
        Func<string, Exception?, Exception> unavailable)
    {
        (_path, _name, _crashPoints, _unavailable) = (path, name, crashPoints, unavailable);
        Pragmas = pragmas;
        _writer = Guard(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            PrivateFile.Ensure(path);
            return Open();
        });
        try
        {
            Write(connection => Upgrade(connection, upgrade, version));
        }
        catch
        {
            _writer.Dispose();
            throw;
        }
    }

    private string Pragmas { get; }

    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        await _writing.EnterAsync(cancellationToken);
        try
        {
            return Write(work);
        }
        finally
        {
            _writing.Leave();
        }
    }

    public Task WriteAsync(Action<SqliteConnection> work, CancellationToken cancellationToken) =>
        WriteAsync(
            connection =>
            {
                work(connection);
                return true;
            },
            cancellationToken);

    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Guard(() =>
        {
            var connection = _readers.TryTake(out var idle) ? idle : OpenReader();
            try
            {
                return work(connection);
            }
            finally
            {
                _readers.Add(connection);
            }
        }));
    }

    /// <summary>Runs outside any transaction (checkpoints).</summary>
    public async Task MaintainAsync(string sql, CancellationToken cancellationToken)
    {
        await _writing.EnterAsync(cancellationToken);
        try
        {
            Guard(() => _writer.Run(sql));
        }
        finally
        {
            _writing.Leave();
        }
    }

    /// <summary>For tests: lets the file grow no further, as on a full disk.</summary>
    public void LimitPages() => _writer.Run("PRAGMA max_page_count=1");

    public void Dispose()
    {
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        _writer.Dispose();
    }

    private T Write<T>(Func<SqliteConnection, T> work) => Guard(() =>
    {
        _writer.Run("BEGIN IMMEDIATE");
        try
        {
            var result = work(_writer);
            _crashPoints.Hit($"{_name}.commit.before");
            _writer.Run("COMMIT");
            _crashPoints.Hit($"{_name}.commit.after");
            return result;
        }
        catch
        {
            RollBack();
            throw;
        }
    });

    private void RollBack()
    {
        try
        {
            _writer.Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // Committed, or rolled back by SQLite itself when the disk was full.
        }
    }

    private SqliteConnection Open()
    {
        var connection = SqliteFile.Open(_path);
        if (Pragmas.Length > 0)
        {
            connection.Run(Pragmas);
        }

        return connection;
    }

    private SqliteConnection OpenReader()
    {
        var connection = Open();
        connection.Run("PRAGMA query_only=ON");
        return connection;
    }

    private bool Upgrade(SqliteConnection connection, Func<int, string> upgrade, int version)
    {
        var found = (long)connection.Scalar("PRAGMA user_version")!;
        if (found > version)
        {
            throw _unavailable(
                $"'{_path}' was made by a newer release (schema {found}, this release knows {version}). Start the newer release, or "
                    + "restore the backup from before the upgrade.",
                null!);
        }

        for (var from = (int)found; from < version; from++)
        {
            connection.Run(upgrade(from));
            connection.Run($"PRAGMA user_version={from + 1}");
        }

        return true;
    }

    private T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException exception) when (SqliteRows.WhyUnavailable(exception, _path) is { } why)
        {
            throw _unavailable(why, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw _unavailable(
                $"'{_path}' cannot be opened: {exception.Message} Check that its folder exists and is writable for the user that "
                    + "Rotunda runs as.",
                exception);
        }
    }
}
