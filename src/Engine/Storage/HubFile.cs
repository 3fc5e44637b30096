using Microsoft.Data.Sqlite;
using Rotunda.Files;
using SQLitePCL;

namespace Rotunda.Engine.Storage;

/// <summary>Looks at a hub before anything may write to it, and copies it while it is in use.</summary>
internal static class HubFile
{
    /// <summary>Up to here the indexes are compared with the rows too. Above, only the pages and rows are checked, which takes
    /// a fraction of the time: a large hub must not keep a server from coming up.</summary>
    private const long FullCheckBytes = 256 * 1024 * 1024;

    private const int ProblemsTold = 5;

    /// <summary>Refuses a hub that is corrupt, of another kind or of a newer version. Reads only, so what is wrong stays as it
    /// is.</summary>
    /// <exception cref="TaskHubException">The hub must not be opened; the message says what to do.</exception>
    public static void Check(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            RefuseOrphanedLog(path);
            return;
        }

        try
        {
            using var connection = OpenReadOnly(path);
            if (HubSchema.ReadVersion(connection, path) > 0)
            {
                Refuse(path, Problems(connection, new FileInfo(path).Length > FullCheckBytes ? "quick_check" : "integrity_check"));
            }
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB)
        {
            throw Corrupt(path, exception.Message, exception);
        }
        catch (SqliteException exception)
        {
            throw new TaskHubException(
                $"The task hub '{path}' cannot be read: {exception.Message}. Nothing was written to it. Check its "
                    + "disk, or restore a backup (docs/backup.md).",
                exception);
        }
    }

    /// <summary>Writes a consistent copy as of one commit. Writers go on meanwhile.</summary>
    public static void Copy(string source, string target)
    {
        using var connection = OpenReadOnly(source);
        using var copy = new Statement(connection, "VACUUM INTO ?1");
        copy.Bind(1, target).Run();
    }

    /// <returns>What SQLite finds wrong with a file; nothing if it is sound.</returns>
    public static IReadOnlyList<string> Problems(string path)
    {
        using var connection = OpenReadOnly(path);
        return Problems(connection, "integrity_check");
    }

    private static List<string> Problems(SqliteConnection connection, string check)
    {
        using var statement = new Statement(connection, $"PRAGMA {check}({ProblemsTold})");
        var problems = new List<string>();
        while (statement.Step())
        {
            problems.Add(statement.Text(0)!);
        }

        return problems is ["ok"] ? [] : problems;
    }

    /// <summary>SQLite takes a log without its database for rubbish and deletes it; here it may hold everything.</summary>
    private static void RefuseOrphanedLog(string path)
    {
        var log = new FileInfo(path + "-wal");
        if (log.Exists && log.Length > 0)
        {
            throw new TaskHubException(
                $"The task hub '{path}' is {(File.Exists(path) ? "empty" : "missing")}, but its log '{log.FullName}' is there with "
                    + $"{log.Length} bytes. "
                    +
                "Put the file back that belongs to the log, or restore a backup (docs/backup.md). If this is meant to be a new hub, move "
                    + "the log away.");
        }
    }

    private static void Refuse(string path, List<string> problems)
    {
        if (problems.Count > 0)
        {
            throw Corrupt(path, string.Join("; ", problems.Select(p => p.ReplaceLineEndings(" "))), null);
        }
    }

    private static TaskHubException Corrupt(string path, string problem, SqliteException? exception) => new(
        $"The task hub '{path}' is corrupt: {problem}. Nothing was written to it. Keep a copy of it with its -wal and -shm files, then "
            + "restore a backup (docs/backup.md).",
        exception);

    private static SqliteConnection OpenReadOnly(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString());
        try
        {
            connection.Open();
            connection.Run("PRAGMA busy_timeout=30000;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
