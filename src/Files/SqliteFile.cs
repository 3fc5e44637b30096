using Microsoft.Data.Sqlite;

namespace Rotunda.Files;

/// <summary>
/// Opens SQLite files the same way for each owner: the engine's hub, the ledger, the embedded store. The native library
/// comes with the package, in one version for every platform.
/// </summary>
public static class SqliteFile
{
    /// <summary>Opens (and creates) a file in WAL mode. The writer waits 30 s for a lock that a backup may hold.</summary>
    /// <param name="durable">True for synchronous=FULL: a commit that returned survives a power cut.</param>
    /// <exception cref="SqliteException">Cannot open, not a database, disk full.</exception>
    public static SqliteConnection Open(string path, bool durable = true)
    {
        MakePrivate(path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString());
        try
        {
            connection.Open();
            connection.Run("PRAGMA journal_mode=WAL;");
            connection.Run($"PRAGMA synchronous={(durable ? "FULL" : "NORMAL")}; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=30000;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A new file is its owner's alone; SQLite gives its side files the same mode.</summary>
    private static void MakePrivate(string path)
    {
        var isFile = !path.StartsWith(':') && !path.StartsWith("file:", StringComparison.Ordinal);
        if (isFile && Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        {
            PrivateFile.Ensure(path);
        }
    }
}
