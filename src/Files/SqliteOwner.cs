using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Rotunda.Files;

/// <summary>
/// One SQLite file with one writer (who comes in the <see cref="FastLane"/> goes first) and readers on connections of their own. A write is
/// all or nothing and on disk when it is told as done, with the crash points "{name}.commit.before" and "{name}.commit.after" around its
/// commit. Writes that come at once share one.
/// </summary>
public sealed class SqliteOwner : IDisposable
{
    private readonly string _path;
    private readonly Func<string, Exception, Exception> _unavailable;
    private readonly SqliteConnection _connection;
    private readonly SqliteWriter _writer;
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
        (_path, _unavailable) = (path, unavailable);
        Pragmas = pragmas;
        _connection = Guard(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            PrivateFile.Ensure(path);
            return Open();
        });
        try
        {
            _writer = new SqliteWriter(_connection, name, crashPoints, Told);
            WriteAsync(connection => Upgrade(connection, upgrade, version), CancellationToken.None).GetAwaiter().GetResult();
        }
        catch
        {
            _writer?.Dispose();
            _connection.Dispose();
            throw;
        }
    }

    private string Pragmas { get; }

    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken) =>
        _writer.RunAsync(work, alone: false, cancellationToken);

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
    public Task MaintainAsync(string sql, CancellationToken cancellationToken) => _writer.RunAsync(
        connection =>
        {
            connection.Run(sql);
            return true;
        },
        alone: true,
        cancellationToken);

    /// <summary>For tests: lets the file grow no further, as on a full disk.</summary>
    public void LimitPages() => _connection.Run("PRAGMA max_page_count=1");

    public void Dispose()
    {
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        _writer.Dispose();
        _connection.Dispose();
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
        catch (Exception exception)
        {
            if (Told(exception) is { } told)
            {
                throw told;
            }

            throw;
        }
    }

    /// <summary>What to say to people where the file is the cause; else null.</summary>
    private Exception? Told(Exception exception) => exception switch
    {
        SqliteException sqlite when SqliteRows.WhyUnavailable(sqlite, _path) is { } why => _unavailable(why, sqlite),
        IOException or UnauthorizedAccessException => _unavailable(
            $"'{_path}' cannot be opened: {exception.Message} Check that its folder exists and is writable for the user that "
                + "Rotunda runs as.",
            exception),
        _ => null,
    };
}
